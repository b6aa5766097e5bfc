# The wrapper against the command: Rscript examples/r/test.R, with the command on the path or in DETENTE_COMMAND.
arguments <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)))
source(file.path(here, "detente.R"))

# The very doubles of the command.
answer <- dt_solve("us-plus-10-on-china")
said <- jsonlite::fromJSON(dt_run(c("solve", "us-plus-10-on-china", "--format", "json")))
welfare <- answer$economies$welfare_pct[answer$economies$economy == "USA"]
stopifnot(identical(welfare, said$economies$USA$welfare_pct), welfare < 0)
stopifnot(nrow(answer$economies) == 24, is.character(answer$trade$exporter), is.numeric(answer$trade$value_after))
stopifnot(answer$summary$certificate$max_residual < 1e-9)

# Duties of a frame: one row in, one row out, each as the command says it.
lines <- c("8471.30.01", "8703.23.01")
duties <- dt_duty(lines, from = "CHN", to = "USA", on = c("2025-09-16", "2025-11-15"))
one <- jsonlite::fromJSON(dt_run(c("duty", lines[2], "--from", "CHN", "--to", "USA", "--on", "2025-11-15", "--format", "json")))
stopifnot(nrow(duties) == 2, identical(duties$code, lines), duties$total_pct[1] == 20, identical(as.numeric(duties$total_pct[2]), as.numeric(one$total_pct)))

# A refusal stops with the command's own words.
refused <- tryCatch(dt_solve("us-plus-10-on-chna"), error = conditionMessage)
stopifnot(grepl("us-plus-10-on-china", refused))

# A sweep: every run is there, codes stay words.
folder <- tempfile("sweep")
dir.create(folder)
spec <- file.path(folder, "spec.toml")
writeLines(c('scenario = "us-plus-10-on-china"', "[[vary]]", 'key = "tariff.0.add"', "values = [0.05, 0.10]"), spec)
swept <- dt_sweep(spec, file.path(folder, "runs"))
stopifnot(nrow(swept$runs) == 2, nrow(swept$economies) == 48, is.character(swept$economies$economy))
last <- swept$economies[swept$economies$run == "1" & swept$economies$economy == "USA", "welfare_pct"]
stopifnot(identical(last, welfare))

# A code like Namibia's stays a word, and what is not defined is missing.
csv <- tempfile(fileext = ".csv")
writeLines(c("economy,welfare_pct", "NA,1.5", "TRUE,"), csv)
table <- dt_table(csv)
stopifnot(identical(table$economy, c("NA", "TRUE")), identical(table$welfare_pct, c(1.5, NA)))
cat("R wrapper: five parts hold\n")
