# dbscan::dbscan: folder, eps, minimum, rounds.
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "measure.R"))
points <- matrix(numbers(file.path(arguments[1], "points")), ncol = 2)
cat("version", as.character(packageVersion("dbscan")), "\n")
found <- rounds(as.integer(arguments[4]), function() dbscan::dbscan(points, eps = as.numeric(arguments[2]), minPts = as.integer(arguments[3])))
peak()
writeBin(as.integer(found$cluster), file.path(arguments[1], "r"))
