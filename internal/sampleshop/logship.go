package sampleshop

import (
	"strconv"
	"time"
)

// logLine is one line on its way to Loki.
type logLine struct {
	at          time.Time
	level, text string
}

// logShipper sends log lines to Loki, in a stream for each level.
type logShipper struct {
	out *shipper[logLine]
}

func newLogShipper(p *plan) *logShipper {
	if p.LogsTo == "" {
		return nil
	}
	return &logShipper{out: newShipper(p.LogsTo, func(batch []logLine) any {
		streams := map[string][]any{}
		for _, l := range batch {
			streams[l.level] = append(streams[l.level], []string{strconv.FormatInt(l.at.UnixNano(), 10), l.text})
		}
		var list []any
		for level, values := range streams {
			labels := map[string]string{"service_name": p.Name, "level": level}
			if p.Environment != "" {
				labels["env"] = p.Environment
			}
			list = append(list, map[string]any{"stream": labels, "values": values})
		}
		return map[string]any{"streams": list}
	})}
}

func (l *logShipper) add(at time.Time, level, text string) { l.out.add(logLine{at, level, text}) }

func (l *logShipper) close() {
	if l != nil {
		l.out.close()
	}
}
