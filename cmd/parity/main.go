// Command parity makes staging predict production: it compares what
// environments declare and run without noise, and says what differs in the ways
// that break production.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/term"
	"k8s.io/klog/v2"

	"github.com/envparity/parity/internal/cli"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/render"
)

// version is set by the linker in a release.
var version string

func main() {
	if render.IsWorker(os.Args) {
		render.Serve(os.Stdin, os.Stdout, all.Tasks())
	}
	if os.Getenv("GOGC") == "" {
		tuneHeap()
	}
	// What Kubernetes' libraries would tell of a request is a gap already, and
	// they may quote what they were answered.
	klog.SetLogger(logr.Discard())
	os.Exit(run(interruptible()))
}

func run(ctx context.Context) int {
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintln(os.Stderr, "parity: cannot tell the working directory:", err)
		return 2
	}
	return cli.Run(ctx, os.Args[1:], cli.Process{
		Dir:         dir,
		Stdin:       os.Stdin,
		Stdout:      os.Stdout,
		Stderr:      os.Stderr,
		Lookup:      os.LookupEnv,
		ConfigDir:   configDir(),
		CacheDir:    cacheDir(),
		Now:         time.Now,
		Random:      rand.Reader,
		Width:       width(os.Stdout),
		Progress:    term.IsTerminal(int(os.Stderr.Fd())),
		Interactive: term.IsTerminal(int(os.Stderr.Fd())) && term.IsTerminal(int(os.Stdin.Fd())),
		Version:     programVersion(),
		Worker:      worker(),
	})
}

// configDir is the user's configuration directory, empty where the environment
// names none.
func configDir() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return dir
}

// cacheDir is the user's directory for what can be had again, empty where the
// environment names none.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return dir
}

// worker is the command that starts this program as the process that renders.
func worker() []string {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{exe, render.Argument}
}

// width gives a terminal's columns, 0 where f is none.
func width(f *os.File) int {
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// programVersion is the linker's, or the module's where the program was built
// by go install.
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
