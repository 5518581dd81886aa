# Rounds as `compare` reads them.
rounds <- function(count, work, part = "") {
  for (i in seq_len(count)) {
    taken <- system.time(result <- work())
    cat("round", taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]], part, "\n")
  }
  result
}

peak <- function() {
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  cat("peak", 1024 * as.numeric(gsub("[^0-9]", "", line)), "\n")
}

numbers <- function(file) readBin(file, "double", file.size(file) / 8)
