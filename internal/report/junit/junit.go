// Package junit writes a result as JUnit XML, which continuous integration
// shows as tests: one suite for each compared environment, with a test for
// each surface, each indicator and each gap, and one suite for the verdict.
// Names stay the same from run to run, so that histories of tests work.
package junit

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name       string `xml:"name,attr"`
	Tests      int    `xml:"tests,attr"`
	Failures   int    `xml:"failures,attr"`
	Errors     int    `xml:"errors,attr"`
	Skipped    int    `xml:"skipped,attr"`
	Timestamp  string `xml:"timestamp,attr"`
	Properties *properties
	Cases      []testcase `xml:"testcase"`
}

type properties struct {
	XMLName xml.Name   `xml:"properties"`
	All     []property `xml:"property"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    string   `xml:"time,attr"`
	Failure *trouble `xml:"failure"`
	Error   *trouble `xml:"error"`
	Skipped *skipped `xml:"skipped"`
	Output  *output
}

type trouble struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",cdata"`
}

type output struct {
	XMLName xml.Name `xml:"system-out"`
	Text    string   `xml:",cdata"`
}

// said is what a test puts out; nil for nothing.
func said(text string) *output {
	if text == "" {
		return nil
	}
	return &output{Text: text}
}

type skipped struct {
	Message string `xml:"message,attr"`
}

// Write writes the result as JUnit XML. Only what makes the verdict fail the
// command is a failure: in the mode report-only nothing is, and differences
// that do not block are in a test's output.
func Write(w io.Writer, r *parity.Result, _ view.Options) error {
	all := suites{Name: "parity"}
	if r.Project != "" {
		all.Name = "parity " + view.Line(r.Project)
	}
	all.add(verdictSuite(r))
	for i := range r.Classes {
		all.add(columnSuite(r, &r.Classes[i]))
	}
	var buf bytes.Buffer
	buf.WriteString(xml.Header)
	enc := xml.NewEncoder(&buf)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	buf.WriteByte('\n')
	_, err := w.Write(buf.Bytes())
	return err
}

func (all *suites) add(s suite) {
	for _, c := range s.Cases {
		s.Tests++
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}

// gate is what of a verdict fails the command.
type gate struct {
	differences, indicators map[string]bool
}

func gateOf(r *parity.Result) gate {
	g := gate{map[string]bool{}, map[string]bool{}}
	if r.Verdict.Mode != "block" || r.Verdict.Outcome != parity.Fail {
		return g
	}
	for _, f := range r.Verdict.Differences {
		g.differences[f] = true
	}
	for _, id := range r.Verdict.Indicators {
		g.indicators[id] = true
	}
	return g
}

// verdictSuite holds the verdict and what is wrong with the policy.
func verdictSuite(r *parity.Result) suite {
	s := suite{Name: "parity.verdict", Timestamp: timestamp(r)}
	c := testcase{Name: "verdict", Class: s.Name, Time: "0"}
	text := reasons(r)
	sentence := view.Sentence(r.Verdict)
	if unseen := view.Unseen(r.Verdict); unseen != "" {
		sentence = unseen + " " + sentence
	}
	switch {
	case r.Verdict.Outcome == parity.Pass && len(r.Verdict.Unseen) > 0, r.Verdict.Outcome != parity.Pass && r.Verdict.Mode != "block":
		c.Output = said(sentence + "\n" + text)
	case r.Verdict.Outcome == parity.Pass:
	case r.Verdict.Outcome == parity.Fail:
		c.Failure = &trouble{Message: sentence, Type: "fail", Text: text}
	default:
		c.Error = &trouble{Message: sentence, Type: "inconclusive", Text: text}
	}
	s.Cases = append(s.Cases, c)
	for _, f := range r.Findings {
		s.Cases = append(s.Cases, testcase{
			Name: view.Line(f.Kind) + " " + view.Line(f.Name), Class: "parity.policy", Time: "0",
			Output: said(view.Line(f.Message) + "\n" + view.Line(f.Where)),
		})
	}
	return s
}

func reasons(r *parity.Result) string {
	text := ""
	for _, reason := range r.Verdict.Reasons {
		text += view.Line(reason) + "\n"
	}
	return text
}

func timestamp(r *parity.Result) string { return r.Time.UTC().Format("2006-01-02T15:04:05") }

// columnSuite holds one compared environment.
func columnSuite(r *parity.Result, c *parity.ClassCount) suite {
	s := suite{Name: "parity." + view.Line(c.Column), Timestamp: timestamp(r)}
	s.Properties = propertiesOf(r, c)
	g := gateOf(r)
	for _, surface := range parity.Surfaces() {
		if one := surfaceCase(r, c, surface, g); len(c.Surfaces[surface]) > 0 || one.Failure != nil || one.Output != nil {
			s.Cases = append(s.Cases, one)
		}
	}
	for _, in := range r.Indicators {
		if in.Column == c.Column {
			s.Cases = append(s.Cases, indicatorCase(&in, g))
		}
	}
	for i := range r.Gaps {
		if r.Gaps[i].Column == c.Column {
			s.Cases = append(s.Cases, gapCase(&r.Gaps[i]))
		}
	}
	return s
}

func propertiesOf(r *parity.Result, c *parity.ClassCount) *properties {
	p := &properties{}
	for _, class := range parity.Classes() {
		p.All = append(p.All, property{class.String(), strconv.Itoa(c.Counts[class])})
	}
	if score, ok := view.ScoreOf(r, c.Column, "environment", ""); ok {
		p.All = append(p.All, property{"score", view.Points(score.Value)}, property{"confidence", view.Percent(score.Confidence)})
	}
	return p
}

func indicatorCase(in *parity.Indicator, g gate) testcase {
	c := testcase{Name: view.Line(in.ID) + " " + view.Line(in.Name), Class: "parity." + view.Line(in.Column) + ".indicator", Time: "0"}
	if in.Value == nil {
		c.Skipped = &skipped{"nothing to measure"}
		return c
	}
	text := view.Percent(*in.Value) + ", " + view.Int(in.Numerator) + " of " + view.Int(in.Denominator)
	if in.Target != nil {
		text += ", target " + view.Percent(*in.Target)
	}
	if in.Met != nil && !*in.Met && g.indicators[in.ID] {
		c.Failure = &trouble{Message: text, Type: "indicator"}
		return c
	}
	c.Output = said(text)
	return c
}

func gapCase(gap *parity.ColumnGap) testcase {
	name := view.Line(gap.Source)
	if where := view.Line(gap.Where); where != "" {
		name += " " + where
	}
	text := strings.Join(append([]string{view.Line(gap.Reason)}, view.Hidden(*gap)...), "; ")
	if gap.Hint != "" {
		text += " (" + view.Line(gap.Hint) + ")"
	}
	return testcase{Name: name, Class: "parity." + view.Line(gap.Column) + ".gap", Time: "0", Skipped: &skipped{text}}
}
