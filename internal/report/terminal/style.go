package terminal

import "github.com/envparity/parity"

// style paints text, or leaves it as it is where colour is not wanted.
type style struct{ on bool }

// The codes of ANSI's select graphic rendition.
const (
	bold    = "1"
	dim     = "2"
	red     = "31"
	green   = "32"
	yellow  = "33"
	blue    = "34"
	magenta = "35"
	cyan    = "36"
)

func (s style) paint(text string, codes ...string) string {
	if !s.on || text == "" {
		return text
	}
	all := ""
	for i, c := range codes {
		if i > 0 {
			all += ";"
		}
		all += c
	}
	return "\x1b[" + all + "m" + text + "\x1b[0m"
}

func (s style) bold(text string) string { return s.paint(text, bold) }
func (s style) dim(text string) string  { return s.paint(text, dim) }

func (s style) outcome(o parity.Outcome, text string) string {
	switch o {
	case parity.Pass:
		return s.paint(text, bold, green)
	case parity.Fail:
		return s.paint(text, bold, red)
	default:
		return s.paint(text, bold, yellow)
	}
}

func (s style) severity(v parity.Severity, text string) string {
	switch v {
	case parity.Critical:
		return s.paint(text, bold, magenta)
	case parity.High:
		return s.paint(text, bold, red)
	case parity.Medium:
		return s.paint(text, bold, yellow)
	case parity.Low:
		return s.paint(text, bold, blue)
	default:
		return s.paint(text, bold)
	}
}

// class paints what one side holds by what it means for parity.
func (s style) class(c parity.Class, text string) string {
	switch {
	case c == parity.Leak:
		return s.paint(text, magenta)
	case c.Counts():
		return s.paint(text, red)
	case c.LowersConfidence():
		return s.paint(text, yellow)
	default:
		return text
	}
}

// met paints an indicator by whether its target is met.
func (s style) met(met *bool, text string) string {
	switch {
	case met == nil:
		return text
	case *met:
		return s.paint(text, green)
	default:
		return s.paint(text, red)
	}
}
