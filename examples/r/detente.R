# The command in R: what it answers as data frames. No compiled code; jsonlite is needed, and the command on the path (or DETENTE_COMMAND).
#
#   source("detente.R")
#   answer <- dt_solve("us-plus-10-on-china")
#   answer$economies[answer$economies$economy == "USA", "welfare_pct"]

dt_command <- function() {
  named <- Sys.getenv("DETENTE_COMMAND")
  if (nzchar(named)) named else "detente"
}

# Runs the command; a refusal stops with the command's own words.
dt_run <- function(arguments) {
  said <- tempfile()
  on.exit(unlink(said))
  out <- suppressWarnings(system2(dt_command(), shQuote(arguments), stdout = TRUE, stderr = said))
  status <- attr(out, "status")
  if (!is.null(status) && status != 0) {
    stop(paste(readLines(said, warn = FALSE), collapse = "\n"), call. = FALSE)
  }
  paste(out, collapse = "\n")
}

# Codes such as NA (Namibia) stay words; what an answer does not define is missing.
dt_table <- function(path) {
  words <- c("economy", "sector", "exporter", "importer", "partner", "instrument", "scenario", "run")
  table <- read.csv(path, colClasses = "character", na.strings = character(), check.names = FALSE, encoding = "UTF-8")
  for (name in setdiff(names(table), words)) {
    number <- suppressWarnings(as.numeric(table[[name]]))
    if (all(is.na(number) == (table[[name]] == ""))) table[[name]] <- number
  }
  table
}

# A scenario's answer: a list of tables by name, and the summary.
dt_solve <- function(scenario, benchmark = NULL) {
  folder <- tempfile("detente")
  on.exit(unlink(folder, recursive = TRUE))
  arguments <- c("solve", scenario, "--out", folder, "--format", "json")
  if (!is.null(benchmark)) arguments <- c(arguments, "--benchmark", benchmark)
  dt_run(arguments)
  files <- list.files(folder, pattern = "[.]csv$", full.names = TRUE)
  tables <- lapply(files, dt_table)
  names(tables) <- sub("[.]csv$", "", basename(files))
  c(tables, list(summary = jsonlite::fromJSON(file.path(folder, "summary.json"))))
}

# Duties in percent, one for each line; NA where a duty is no single rate.
dt_duty <- function(code, from, to, on, known_on = NULL) {
  rows <- Map(function(code, from, to, on) {
    arguments <- c("duty", code, "--from", from, "--to", to, "--on", as.character(on), "--format", "json")
    if (!is.null(known_on)) arguments <- c(arguments, "--known-on", as.character(known_on))
    total <- jsonlite::fromJSON(dt_run(arguments))$total_pct
    data.frame(code = code, from = from, to = to, on = as.character(on), total_pct = if (is.null(total)) NA_real_ else total)
  }, code, from, to, on)
  do.call(rbind, unname(rows))
}

# A sweep into a folder, taken up where it was interrupted; its runs and their outcomes.
dt_sweep <- function(spec, out) {
  dt_run(c("sweep", spec, "--out", out, "--format", "json"))
  list(runs = dt_table(file.path(out, "runs.csv")), economies = dt_table(file.path(out, "economies.csv")))
}
