package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/report/view"
)

// safe gives a message as a person's screen and a runner's log may have it: on
// one line, with control characters spelled out, without the secrets that can
// be told by their form, and never a workflow command. An error may quote
// parity.yaml, which a stranger may have written.
func safe(text string) string {
	return string(view.Inert([]byte(view.Line(withoutSecrets(text)))))
}

// message is the safe text of an error. The place of an error is looked at apart
// from what is said of it: before a colon, the name of a variable or of a file
// would be taken for that of a secret, and the sentence for its value.
func message(err error) string {
	switch e := err.(type) { //nolint:errorlint // each error of the chain is looked at in turn
	case *parity.Error:
		text := safe(e.What)
		if e.Where != "" {
			text = safe(e.Where) + ": " + text
		}
		if e.Err != nil {
			text += ": " + message(e.Err)
		}
		return text
	case *fs.PathError:
		return safe(e.Op+" "+e.Path) + ": " + message(e.Err)
	}
	if head, ok := beforePlace(err); ok {
		return safe(head) + message(errors.Unwrap(err))
	}
	return safe(err.Error())
}

// beforePlace returns what an error says before the one that it wraps, where that
// one has a place of its own.
func beforePlace(err error) (head string, ok bool) {
	var placed *parity.Error
	var path *fs.PathError
	inner := errors.Unwrap(err)
	if inner == nil || !errors.As(inner, &placed) && !errors.As(inner, &path) {
		return "", false
	}
	return strings.CutSuffix(err.Error(), inner.Error())
}

// errorInLog is the safe text of an error for the log. A fault in an error's own
// code hides its text.
func errorInLog(err error) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("an error whose text cannot be shown (%T)", p)
		}
	}()
	return message(err)
}

// withoutSecrets hides the secrets of a message. A fault in telling them hides
// the message: it may be that the message is what the fault is about.
func withoutSecrets(text string) (clean string) {
	defer func() {
		if p := recover(); p != nil {
			clean = fmt.Sprintf("an error whose text cannot be shown (%T)", p)
		}
	}()
	text = userinfo.ReplaceAllString(text, "[secret]@$1")
	return redact.New(nil, nil, nil).Text(text)
}

// userinfo is a user with a password before a host, where no scheme says so; a
// tag before a digest is none. In a message it costs nothing to hide too much.
var userinfo = regexp.MustCompile(`[^\s/:@"'=]+:[^\s/@"']+@([^\s@"']*)`)
