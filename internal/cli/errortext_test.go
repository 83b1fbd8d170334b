package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// TestMessages: what we say after the name of a variable or a file is no value
// of a secret; a secret that an error quotes is hidden all the same.
func TestMessages(t *testing.T) {
	placed := &parity.Error{Where: "env DB_PASSWORD", What: "unexpected end of JSON input"}
	path := &fs.PathError{Op: "open", Path: "env password", Err: errors.New("permission denied by the system")}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{placed, "env DB_PASSWORD: unexpected end of JSON input"},
		{fmt.Errorf("column staging: %w", placed), "column staging: env DB_PASSWORD: unexpected end of JSON input"},
		{fmt.Errorf("read it: %w", fmt.Errorf("twice: %w", placed)), "read it: twice: env DB_PASSWORD: unexpected end of JSON input"},
		{path, "open env password: permission denied by the system"},
		{fmt.Errorf("column staging: %w", path), "column staging: open env password: permission denied by the system"},
		{&parity.Error{Where: "parity.yaml:1:1", What: "invalid", Err: path}, "parity.yaml:1:1: invalid: open env password: permission denied by the system"},
		{errors.New("env DB_PASSWORD: synthetic7"), "env DB_PASSWORD: [secret]"},
		{fmt.Errorf("env DB_PASSWORD: %w", errors.New("synthetic7")), "env DB_PASSWORD: [secret]"},
		{fmt.Errorf("password=synthetic7 in it: %w", placed), "password=[secret] it: env DB_PASSWORD: unexpected end of JSON input"},
		{&parity.Error{Where: "a", What: "db://u:synthetic7@db/ is none"}, "a: db://[secret]@db/ is none"},
		{fmt.Errorf("%w, password=synthetic7", placed), ""}, // hidden, however much else is
	} {
		got := message(tt.err)
		if strings.Contains(got, "synthetic7") || tt.want != "" && got != tt.want {
			t.Errorf("%q is told as %q, want %q", tt.err, got, tt.want)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: cleanAttr})).Info("m", "error", tt.err)
		if !strings.Contains(log.String(), got) || strings.Contains(log.String(), "synthetic7") {
			t.Errorf("the log has %q, want %q", log.String(), got)
		}
	}
}
