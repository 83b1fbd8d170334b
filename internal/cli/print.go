package cli

import (
	"bytes"
	"fmt"
	"io"

	"github.com/envparity/parity/internal/report/view"
)

// print writes a text to standard output with no line in it that a runner of
// workflows takes for a command.
func (c *command) print(write func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	return c.toStdout(view.Inert(buf.Bytes()))
}

func (c *command) toStdout(text []byte) error {
	if _, err := c.Stdout.Write(text); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

// inert gives a report in a format as standard output may have it.
func inert(format string, text []byte) []byte {
	switch format {
	case "json", "sarif":
		return view.InertJSON(text)
	case "junit":
		return view.InertXML(text)
	case "html":
		return text // lines of its style begin with colons, and nobody prints it to a log
	default:
		return view.Inert(text)
	}
}
