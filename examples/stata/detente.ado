*! detente 0.1.0: answers of the command as data in memory (Stata 14 and later; no Python)
*!   detente solve SCENARIO [, benchmark(DIR) table(economies) saving(DIR) clear]
*!   detente duty VARNAME , from(TEXT) to(TEXT) on(DATE) [generate(NAME)]
*! The command must be on the path, or its path in the global DETENTE_COMMAND.
program define detente, rclass
    version 14
    gettoken verb 0 : 0
    if "`verb'" == "solve" {
        _detente_solve `0'
        return add
    }
    else if "`verb'" == "duty" {
        _detente_duty `0'
        return add
    }
    else {
        display as error `"detente: "`verb'" is neither solve nor duty"'
        exit 198
    }
end

program define _detente_command, sclass
    local command = "$DETENTE_COMMAND"
    if `"`command'"' == "" local command "detente"
    sreturn local command `"`command'"'
end

program define _detente_solve, rclass
    version 14
    syntax anything(name=scenario) [, BENCHmark(string) TABle(string) SAVing(string) CLEAR]
    if "`clear'" == "" & (_N > 0 | c(k) > 0) {
        error 4
    }
    if "`table'" == "" local table "economies"
    if `"`saving'"' == "" {
        tempfile folder
    }
    else {
        local folder `"`saving'"'
    }
    _detente_command
    local given ""
    if `"`benchmark'"' != "" local given `"--benchmark "`benchmark'""'
    shell "`s(command)'" solve `scenario' `given' --out "`folder'" --format json
    shell "`s(command)'" export "`folder'" --to dta --out "`folder'-dta"
    capture confirm file "`folder'-dta/`table'.dta"
    if _rc {
        display as error "detente: no answer; run the command by itself to read why"
        exit 601
    }
    use "`folder'-dta/`table'.dta", clear
    return local table "`table'"
    return local folder `"`folder'"'
end

program define _detente_duty, rclass
    version 14
    syntax varname(string), FROM(string) TO(string) ON(string) [GENerate(name)]
    if "`generate'" == "" local generate "duty_pct"
    confirm new variable `generate'
    quietly generate double `generate' = .
    _detente_command
    tempfile answer
    quietly levelsof `varlist', local(codes)
    foreach code of local codes {
        shell "`s(command)'" duty "`code'" --from `from' --to `to' --on `on' --format json > "`answer'"
        tempname handle
        file open `handle' using "`answer'", read text
        file read `handle' line
        while r(eof) == 0 {
            if regexm(`"`macval(line)'"', `"^  "total_pct": (-?[0-9.e+-]+)"') {
                quietly replace `generate' = real(regexs(1)) if `varlist' == "`code'"
            }
            file read `handle' line
        }
        file close `handle'
    }
    label variable `generate' "duty, percent, on `on'"
    quietly count if !missing(`generate')
    return scalar N = r(N)
end
