package render

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/envparity/parity"
)

// Limits bound one rendering. A zero field takes its default.
type Limits struct {
	Time   time.Duration // wall-clock time; default 30 s
	Memory int64         // bytes of heap and stacks; default 1 GiB
	Output int64         // bytes of what is rendered; default 64 MiB
}

// DefaultLimits are the bounds where nothing else is said.
func DefaultLimits() Limits {
	return Limits{Time: 30 * time.Second, Memory: 1 << 30, Output: 64 << 20}
}

// filled returns the limits with the defaults in place of what is zero.
func (l Limits) filled() Limits {
	d := DefaultLimits()
	if l.Time <= 0 {
		l.Time = d.Time
	}
	if l.Memory <= 0 {
		l.Memory = d.Memory
	}
	if l.Output <= 0 {
		l.Output = d.Output
	}
	return l
}

// bound is the error of a rendering that met a bound.
type bound struct{ fault *parity.Error }

func (b *bound) Error() string { return b.fault.Error() }

// Unwrap returns the error with its code and hint.
func (b *bound) Unwrap() error { return b.fault }

// Exceeded reports whether an error says that a rendering met a bound, or that
// the process that rendered ended: to render the same again is no use.
func Exceeded(err error) bool {
	var b *bound
	return errors.As(err, &b)
}

func exceeded(what, key string) error {
	hint := "make the templates smaller, or leave the source out"
	if key != "" {
		hint = "find the template that loops or grows; if it is meant to, raise limits.render." + key + " in parity.yaml"
	}
	return &bound{&parity.Error{Code: parity.CodeUnavailable, What: what, Hint: hint}}
}

func (l Limits) tooLong() error {
	return exceeded("rendering took longer than "+seconds(l.Time), "seconds")
}

func (l Limits) tooMuchMemory() error {
	return exceeded("rendering took more than "+size(l.Memory)+" of memory", "memoryMiB")
}

func (l Limits) tooMuchOutput() error {
	return exceeded("rendering gave more than "+size(l.Output)+" of output", "outputMiB")
}

// errEnded says that the process that renders ended for another reason than a
// bound that it knows of.
func errEnded(how string) error {
	return exceeded("the process that renders ended before it was done: "+how, "")
}

// size writes a number of bytes in the largest unit that divides it.
func size(n int64) string {
	for _, u := range []struct {
		bytes int64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.bytes && n%u.bytes == 0 {
			return fmt.Sprintf("%d %s", n/u.bytes, u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}
