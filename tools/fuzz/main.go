// Fuzz runs every fuzz target of a module for a fixed number of executions and
// keeps count of them.
//
//	fuzz -root DIR -executions 2000              every target, for CI
//	fuzz -root DIR -prove -log FILE              until each target has reached its goal
//	fuzz -root DIR -report FILE -log FILE        writes the sums into a Markdown page
//
// Runs of the second form can be interrupted at any time: what a chunk executed
// is in the log once the chunk has ended, and the next run goes on from there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// options are what the command line asks for.
type options struct {
	root      string
	log       string
	report    string
	cache     string
	packages  string
	renderers string
	prove     bool
	// executions is the number of executions of a target in one run, or its
	// goal over all runs with prove. slow is the same for renderers.
	executions, slow int64
	// total is the goal over all targets with prove.
	total int64
	chunk int64
	// workers is the number of processes that run one target.
	workers int
	// keep is how many inputs of each target are copied into the module.
	keep  int
	until time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, parseFlags())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func parseFlags() options {
	var o options
	flag.StringVar(&o.root, "root", ".", "`directory` of the module")
	flag.StringVar(&o.log, "log", "", "`file` that counts executions by commit and target")
	flag.StringVar(&o.report, "report", "", "write the sums of the log into this Markdown `file` and do nothing else")
	flag.StringVar(&o.cache, "cache", "", "`directory` of binaries and inputs (default: the user's cache)")
	flag.StringVar(&o.packages, "packages", "./...", "`pattern` of the packages whose targets run")
	flag.StringVar(&o.renderers, "renderers", "collector/manifests,collector/compose,report/html,report/jsonreport,report/junit,report/markdown,report/sarif,report/terminal", "`packages` that render templates or reports, separated by commas")
	flag.BoolVar(&o.prove, "prove", false, "run until the log holds the goals")
	flag.Int64Var(&o.executions, "executions", 2000, "executions of a target; with -prove its goal over all runs")
	flag.Int64Var(&o.slow, "renderer-executions", 200, "the same for targets of packages that render")
	flag.Int64Var(&o.total, "total", 0, "with -prove: executions of all targets together")
	flag.Int64Var(&o.chunk, "chunk", 100_000, "with -prove: executions between two entries of the log")
	flag.IntVar(&o.workers, "workers", 2, "processes that run one target")
	flag.IntVar(&o.keep, "keep", 0, "inputs of a target to copy into its testdata, shortest first")
	flag.DurationVar(&o.until, "until", 0, "stop after this time, between two chunks; 0 never stops")
	flag.Parse()
	return o
}

func run(ctx context.Context, o options) error {
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err
	}
	o.root = root
	entries, err := readLog(o.log)
	if err != nil {
		return err
	}
	if o.report != "" {
		return writeReport(o.report, entries, o.renders)
	}
	if o.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		o.cache = filepath.Join(dir, "parity-fuzz")
	}
	if o.until > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.until)
		defer cancel()
	}
	return newSession(o, entries).run(ctx)
}

// renders reports whether targets of the package have the goal of renderers.
func (o options) renders(pkg string) bool {
	for r := range strings.SplitSeq(o.renderers, ",") {
		if r != "" && strings.HasSuffix(pkg, r) {
			return true
		}
	}
	return false
}

// goal returns the executions that a target of the package is meant to have.
func (o options) goal(pkg string) int64 {
	if o.renders(pkg) {
		return o.slow
	}
	return o.executions
}

var errFailed = errors.New("a target failed; its input is in the testdata of its package")
