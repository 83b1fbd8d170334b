package doc

import (
	"bytes"
	"errors"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// fault is how precisely the library places one kind of error.
type fault uint8

const (
	// inScanner: the line it gives is right.
	inScanner fault = iota
	// inFlow: it gives the line before the one where the brackets begin.
	inFlow
	// inBlock: it gives the line before the one where the block begins; the
	// fault is further down.
	inBlock
	// inReader: it gives no line, and had read no further than the fault.
	inReader
)

// yamlFaults are the library's phrases that say something to a person. None
// has a part that comes from the document.
var yamlFaults = map[string]struct {
	where fault
	what  string
}{
	"block sequence entries are not allowed in this context":       {inScanner, "a list item is not allowed here"},
	"mapping keys are not allowed in this context":                 {inScanner, "a key is not allowed here"},
	"mapping values are not allowed in this context":               {inScanner, "a second value is not allowed here; is the indentation right, or a quote missing?"},
	"could not find expected ':'":                                  {inScanner, "a key is not followed by ':'"},
	"found a tab character that violates indentation":              {inScanner, "a tab is not allowed as indentation"},
	"found a tab character where an indentation space is expected": {inScanner, "a tab is not allowed as indentation"},
	"found character that cannot start any token":                  {inScanner, "a character that cannot begin a value: a tab as indentation, or a missing quote"},
	"found unexpected end of stream":                               {inScanner, "a quote is not closed"},
	"found unexpected document indicator":                          {inScanner, "a quote is not closed before the document ends"},
	"found unknown escape character":                               {inScanner, "an unknown escape in double quotes"},
	"did not find expected alphabetic or numeric character":        {inScanner, "an anchor or alias without a name"},
	"did not find expected whitespace or line break":               {inScanner, "something follows directly after a tag"},
	"did not find expected comment or line break":                  {inScanner, "something follows after the sign of a block of text"},
	"did not find the expected '>'":                                {inScanner, "a tag is not closed"},
	"found an indentation indicator equal to 0":                    {inScanner, "an indentation of 0 for a block of text"},
	"exceeded max depth of 10000":                                  {inScanner, "is nested too deeply"},
	"found undefined tag handle":                                   {inFlow, "an undefined tag handle"},
	"found incompatible YAML document":                             {inFlow, "a YAML version that is not known"},
	"did not find expected ',' or ']'":                             {inFlow, "a list in brackets is not closed, or misses a comma"},
	"did not find expected ',' or '}'":                             {inFlow, "a map in braces is not closed, or misses a comma"},
	"did not find expected key":                                    {inBlock, "this line does not fit into the map around it: is its indentation right?"},
	"did not find expected '-' indicator":                          {inBlock, "this line does not fit into the list around it: is its indentation right?"},
	"did not find expected node content":                           {inBlock, "a value is missing"},
	"did not find expected <document start>":                       {inBlock, "more follows where the document should end"},
	"control characters are not allowed":                           {inReader, "a control character is not allowed"},
	"invalid leading UTF-8 octet":                                  {inReader, notUTF8},
	"invalid trailing UTF-8 octet":                                 {inReader, notUTF8},
	"incomplete UTF-8 octet sequence":                              {inReader, notUTF8},
	"invalid length of a UTF-8 sequence":                           {inReader, notUTF8},
	"invalid Unicode character":                                    {inReader, notUTF8},
	"incomplete UTF-16 character":                                  {inReader, "is not UTF-16 text"},
	"incomplete UTF-16 surrogate pair":                             {inReader, "is not UTF-16 text"},
	"expected low surrogate area":                                  {inReader, "is not UTF-16 text"},
	"unexpected low surrogate area":                                {inReader, "is not UTF-16 text"},
}

// explain turns an error of the library into one of this package. The
// library's text may quote the document, so only phrases that are known to be
// the library's own are used.
func (r *yamlReader) explain(err error) error {
	if r.failed != nil {
		return r.failed
	}
	line, text := splitYAMLError(err)
	if errors.Is(err, errYAMLPanic) {
		return &Error{Line: r.lines(), What: "the YAML parser cannot read this"}
	}
	if rest, ok := strings.CutPrefix(text, "unknown anchor '"); ok {
		name := strings.TrimSuffix(rest, "' referenced")
		return r.unknownAnchor(name)
	}
	f, ok := yamlFaults[text]
	if !ok {
		return &Error{Line: max(line, 1), What: "is not valid YAML"}
	}
	switch f.where {
	case inReader:
		return r.notText(f.what)
	case inFlow:
		line++
	case inBlock:
		line = r.blockLine(line+1, text)
	}
	return &Error{Line: max(min(line, r.lines()), 1), What: f.what}
}

// notText places a character that the library does not take: it is in the
// chunk at hand.
func (r *yamlReader) notText(what string) error {
	at := r.last
	if !r.utf16 {
		at.advance(r.chunk[:max(0, bytes.IndexFunc(r.chunk, forbidden))])
	}
	return &Error{at.line, at.col, what}
}

// forbidden tells the control characters that YAML does not allow.
func forbidden(c rune) bool {
	return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' && c != '\u0085'
}

// splitYAMLError takes "yaml: line 3: text" apart; the line is 0 where there
// is none.
func splitYAMLError(err error) (int32, string) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, what, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.ParseInt(number, 10, 32); err == nil {
				return int32(n), what
			}
		}
	}
	return 0, text
}

// blockLine finds the line of a fault in a block that begins at the line
// begin: the least part of the document that has the same fault ends with it.
func (r *yamlReader) blockLine(begin int32, text string) int32 {
	if r.kept == nil || r.utf16 {
		return begin
	}
	var ends []int // of the lines from begin on
	for line, at := r.keptFrom, 0; at < len(r.kept); line++ {
		if i := bytes.IndexByte(r.kept[at:], '\n'); i >= 0 {
			at += i + 1
		} else {
			at = len(r.kept)
		}
		if line >= begin {
			ends = append(ends, at)
		}
	}
	faulty := sort.Search(len(ends), func(i int) bool {
		var n yaml.Node
		err := decodeYAML(yaml.NewDecoder(bytes.NewReader(r.kept[:ends[i]])), &n)
		if err == nil {
			return false
		}
		_, same := splitYAMLError(err)
		return same == text
	})
	return begin + int32(min(faulty, max(len(ends)-1, 0)))
}

// unknownAnchor places an alias of which the library tells only the name: it
// is the last one of that name that was read.
func (r *yamlReader) unknownAnchor(name string) error {
	out := &Error{Line: r.lines(), What: "the alias has no anchor before it"}
	i := bytes.LastIndex(r.kept, append([]byte("*"), name...))
	if i >= 0 {
		at := position{r.keptFrom, 1}
		at.advance(r.kept[:i])
		out.Line, out.Col = at.line, at.col
	}
	return out
}
