package main

import (
	"context"
	"crypto/rand"
	"os"
	"runtime/pprof"
	"time"

	"github.com/envparity/parity/internal/cli"
)

func main() {
	f, _ := os.Create("/tmp/cpu.prof")
	pprof.StartCPUProfile(f)
	for i := 0; i < 4; i++ {
		d, _ := os.Getwd()
		o, _ := os.Create("/dev/null")
		cli.Run(context.Background(), os.Args[1:], cli.Process{Dir: d, Stdin: os.Stdin, Stdout: o, Stderr: os.Stderr, Lookup: os.LookupEnv, Now: time.Now, Random: rand.Reader})
	}
	pprof.StopCPUProfile()
	f.Close()
}
