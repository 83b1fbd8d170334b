package sampleshop

import (
	"encoding/json"
	"os"
	"sync"
	"time"
)

// deviceSpeed is what the disk behind a log file takes, in bytes a second.
const deviceSpeed = 4 << 20

// logger writes lines of JSON to a file, one after the other, and returns when
// the device has taken them.
type logger struct {
	level  int
	copies *logShipper // nil where logs go nowhere else
	mu     sync.Mutex
	file   *os.File
	busy   time.Time // until then the device is busy
	bytes  int
}

func newLogger(path string, level int, copies *logShipper) (*logger, error) {
	f, err := os.Create(path)
	return &logger{level: level, file: f, copies: copies}, err
}

// log writes a line, unless its level is too low. What line says is only
// computed when it is written.
func (l *logger) log(level int, name string, line func() map[string]any) {
	if level < l.level {
		return
	}
	at := time.Now()
	fields := line()
	fields["time"], fields["level"] = at.UTC().Format(time.RFC3339Nano), name
	text, err := json.Marshal(fields)
	if err != nil {
		return
	}
	l.write(append(text, '\n'))
	if l.copies != nil {
		l.copies.add(at, name, string(text))
	}
}

func (l *logger) write(text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.file.Write(text)
	l.bytes += len(text)
	now := time.Now()
	if l.busy.Before(now) {
		l.busy = now
	}
	l.busy = l.busy.Add(time.Duration(len(text)) * time.Second / deviceSpeed)
	// Timers are no finer than a millisecond; less is settled with a later line.
	if wait := l.busy.Sub(now); wait > time.Millisecond {
		time.Sleep(wait)
	}
}

func (l *logger) close() { _ = l.file.Close() }
