# dbscan::hdbscan: folder, minimum, rounds. Also which clusters follow from its tree, and from ours, by the published scores.
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "measure.R"))
folder <- arguments[1]
minimum <- as.integer(arguments[2])
points <- matrix(numbers(file.path(folder, "points")), ncol = 2)
cat("version", as.character(packageVersion("dbscan")), "\n")
found <- rounds(as.integer(arguments[3]), function() dbscan::hdbscan(points, minPts = minimum))
peak()

# Clusters of n points from their merges, written from Campello and others (2015): a branch of fewer points than the minimum leaves its cluster as a whole,
# where it parts from it. With late = TRUE as dbscan::computeStability counts: points of such a branch leave one by one, where the branch itself comes apart.
choose_clusters <- function(merge, height, late = FALSE) {
  n <- nrow(merge) + 1
  size <- integer(n - 1)
  size_of <- function(part) if (part < 0) 1L else size[part]
  for (k in seq_len(n - 1)) size[k] <- size_of(merge[k, 1]) + size_of(merge[k, 2])
  # Of each merge the cluster, and where it left that cluster; of each cluster its parent, where it was born, and where it fell in two.
  cluster <- rep(1L, n - 1)
  left <- rep(NA_real_, n - 1)
  parent <- NA_integer_
  birth <- Inf
  death <- NA_real_
  cluster_of <- integer(n)
  score <- 0
  for (k in rev(seq_len(n - 1))) {
    own <- cluster[k]
    at <- if (!is.na(left[k])) left[k] else if (late && !is.na(death[own])) death[own] else height[k]
    splits <- is.na(left[k]) && size_of(merge[k, 1]) >= minimum && size_of(merge[k, 2]) >= minimum
    if (splits) {
      death[own] <- height[k]
      score[own] <- score[own] + size[k] * (1 / height[k] - 1 / birth[own])
    }
    for (part in merge[k, ]) {
      if (part < 0) {
        cluster_of[-part] <- own
        score[own] <- score[own] + 1 / at - 1 / birth[own]
      } else if (splits) {
        cluster[part] <- length(parent) + 1L
        parent <- c(parent, own)
        birth <- c(birth, height[k])
        death <- c(death, NA)
        score <- c(score, 0)
      } else {
        cluster[part] <- own
        left[part] <- if (is.na(left[k]) && !late && size[part] < minimum) height[k] else left[k]
      }
    }
  }
  # Bottom-up: a cluster is chosen when it scores at least what is chosen inside it, all points together never; of chosen ones the outermost stay.
  inside <- numeric(length(parent))
  chosen <- logical(length(parent))
  for (c in rev(seq_along(parent))[-length(parent)]) {
    chosen[c] <- score[c] >= inside[c] * (1 - 1e-12)
    inside[parent[c]] <- inside[parent[c]] + max(score[c], inside[c])
  }
  answer <- rep(0L, length(parent))
  for (c in seq_along(parent)[-1]) answer[c] <- if (answer[parent[c]] > 0) answer[parent[c]] else if (chosen[c]) c else 0L
  answer[cluster_of]
}

# Our spanning tree, its edges in the order in which ours joins them: from, to (numbered from 0), length.
edges <- matrix(numbers(file.path(folder, "edges")), ncol = 3)
from <- edges[, 1] + 1
to <- edges[, 2] + 1
core <- dbscan::kNNdist(points, k = minimum - 1)
reach <- pmax(core[from], core[to], sqrt(rowSums((points[from, ] - points[to, ])^2)))
joined <- dbscan:::hclustMergeOrder(cbind(from, to, edges[, 3]), seq_len(nrow(edges)))

keep <- function(values, file) writeBin(values, file.path(folder, file))
keep(as.integer(found$cluster), "r")
keep(as.numeric(found$hc$height), "heights")
keep(as.numeric(reach), "reach")
keep(choose_clusters(found$hc$merge, found$hc$height, late = TRUE), "late")
keep(choose_clusters(found$hc$merge, found$hc$height), "published")
keep(choose_clusters(joined$merge, joined$height), "published-ours")
keep(choose_clusters(joined$merge, joined$height, late = TRUE), "late-ours")
