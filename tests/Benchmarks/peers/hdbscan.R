# dbscan::hdbscan: folder, minimum, rounds.
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "measure.R"))
points <- matrix(numbers(file.path(arguments[1], "points")), ncol = 2)
cat("version", as.character(packageVersion("dbscan")), "\n")
found <- rounds(as.integer(arguments[3]), function() dbscan::hdbscan(points, minPts = as.integer(arguments[2])))
peak()
writeBin(as.integer(found$cluster), file.path(arguments[1], "r"))
writeBin(as.numeric(found$hc$height), file.path(arguments[1], "heights"))
