module github.com/envparity/parity/tools/redacttables

go 1.26.0
