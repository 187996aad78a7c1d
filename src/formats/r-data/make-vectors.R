# Writes vectors.json: what R itself saves.
#
# Rscript src/formats/r-data/make-vectors.R > src/formats/r-data/vectors.json
#
# Wants R 4 and nothing else. Each vector is {name, hex, notes}: the notes are the codes that the reader must add.

vectors <- list()
add <- function(name, bytes, notes = character()) {
  hex <- paste(format(bytes), collapse = "")
  quoted <- if (length(notes) == 0) character() else paste0('"', notes, '"')
  line <- sprintf('  { "name": "%s", "hex": "%s", "notes": [%s] }', name, hex, paste(quoted, collapse = ", "))
  vectors[[length(vectors) + 1]] <<- line
}
bytes_of <- function(x, ...) serialize(x, NULL, ...)
workspace <- function(...) {
  path <- tempfile()
  on.exit(unlink(path))
  x <- 1:3
  y <- list("a")
  save(x, y, file = path, compress = FALSE, ...)
  readBin(path, "raw", 1e5)
}
options(keep.source = FALSE)

frame <- data.frame(a = 1:3, b = c("x", "y", NA), c = factor(c("u", "v", "u")))
add("a table", bytes_of(frame))
add("a table, version 2", bytes_of(frame, version = 2))
add("a table in the order of the machine", bytes_of(frame, xdr = FALSE))
odd <- list(a = 1:3, b = "\u00e9 \n\\ \"q\"", c = c(TRUE, NA), d = complex(real = 1, imaginary = 2), r = as.raw(1:3))
add("text form", bytes_of(odd, ascii = TRUE))
add("a matrix", bytes_of(matrix(c(1.5, NaN, Inf, NA), 2, dimnames = list(c("r", "s"), c("t", "u")))))
add("a compact sequence", bytes_of(list(1:1000000, seq_len(10))))
cars <- data.frame(x = 1:9, y = c(2, 4, 6, 8, 10, 12, 14, 16, 19))
add("a linear model", bytes_of(lm(y ~ x, cars)))
add("a formula and a call", bytes_of(list(y ~ x + z, quote(system("id")))))
scope <- new.env()
assign("a", 1, scope)
add("an environment", bytes_of(scope))
invisible(methods::setClass("P", representation(x = "numeric")))
add("an object of a formal class", bytes_of(methods::new("P", x = 1)))
add("a list in a list in a list", bytes_of(Reduce(function(a, b) list(a), 1:100, list())))
add("a namespace", bytes_of(asNamespace("stats")))
add("a function that is built in", bytes_of(sum))
add("a workspace", workspace())
add("a workspace in text form", workspace(ascii = TRUE))

add("a function", bytes_of(function(x) system(paste("echo", x))), "rda-closure")
looping <- compiler::cmpfun(function(x) {
  for (i in 1:10) x <- x + sqrt(i)
  if (x > 3) system("id") else x
})
add("a compiled function", bytes_of(looping), c("rda-closure", "rda-bytecode"))
trap <- new.env()
delayedAssign("p", system("id"), assign.env = trap)
add("a promise", bytes_of(trap), "rda-promise")

cat("[\n", paste(vectors, collapse = ",\n"), "\n]\n", sep = "")
