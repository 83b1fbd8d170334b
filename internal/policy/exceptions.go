package policy

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// InForce reports whether an exception holds at a time: up to the end, in UTC,
// of the day on which it expires. Everything that asks asks here, so that
// check, gate, alert and dashboard cannot answer differently.
func InForce(e config.Exception, now time.Time) bool { return now.Before(e.Expires.End()) }

// asException is an entry of gate.allow as the exception that it works like.
func asException(a config.Allow) config.Exception {
	return config.Exception{Name: allowName(a.Gap), Reason: a.Reason, Owner: a.Owner, Approver: a.Approver, Expires: a.Expires}
}

// acceptedUntil reads who accepted something and until when, for exceptions and
// for entries of gate.allow alike.
func acceptedUntil(kind string, e config.Exception, now time.Time) (d *parity.Decision, inForce bool) {
	return &parity.Decision{
		Kind: kind, Name: e.Name, Reason: e.Reason,
		Until: e.Expires.String(), Owner: e.Owner, Approver: e.Approver,
	}, InForce(e, now)
}

// exceptedUnlessNamed are the classes that an exception covers where it names
// none. A leak is never put up with by the way.
var exceptedUnlessNamed = []string{"missing", "extra", "changed"}

// exception is an exception made ready.
type exception struct {
	config   config.Exception
	index    int
	match    selection
	columns  []bool
	classes  [classes]bool
	prints   map[string]bool
	inForce  bool
	decision *parity.Decision
	// covers counts the cells that it explains, or would if it were in force.
	covers int
	// partly is set where it covers some facts of a subject that is missing
	// as a whole, and so not the subject.
	partly bool
	fits   bool // a match fits the current subject
}

func newExceptions(cfg *config.Config, columns []parity.Column, now time.Time) ([]*exception, error) {
	var out []*exception
	for i, c := range cfg.Exceptions {
		match, err := newSelection(c.Match, cfg.Pos, "exceptions", strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		e := &exception{
			config: c, index: i, match: match, columns: columnsIn(columns, c.Environments),
			prints: map[string]bool{},
		}
		e.decision, e.inForce = acceptedUntil("exception", c, now)
		for _, f := range c.Fingerprints {
			e.prints[f] = true
		}
		for _, k := range parity.Classes() {
			named := c.Classes
			if len(named) == 0 {
				named = exceptedUnlessNamed
			}
			e.classes[k] = slices.Contains(named, k.String())
		}
		out = append(out, e)
	}
	return out, nil
}

// enter reports whether the exception may cover facts of the subject.
func (e *exception) enter(a *parity.Aligned, service string) bool {
	e.fits = e.match.enter(a, service)
	return e.fits || len(e.prints) > 0
}

// covered reports whether the exception covers a cell, in force or not.
func (e *exception) covered(j *parity.Joined, column int, class parity.Class, print string) bool {
	return e.columns[column] && e.classes[class] && (e.prints[print] || e.fits && e.match.fact(j))
}

// except lets the first exception in force that covers the cell explain it.
func (g *Judge) except(r *ruling, j *parity.Joined, column int) {
	if len(g.cur.exceptions) == 0 {
		return
	}
	print, raw := fingerprint(g.cur.aligned.Logical, surfaceOf(j), logicalPath(j), r.class), r.class
	for _, e := range g.cur.exceptions {
		if !e.covered(j, column, raw, print) {
			continue
		}
		e.covers++
		if e.inForce && r.decision == nil {
			r.class, r.decision = parity.Excepted, e.decision
		}
	}
}

// exceptionFindings reports exceptions that ended and those that cover
// nothing.
func (g *Judge) exceptionFindings() []parity.PolicyFinding {
	var out []parity.PolicyFinding
	for _, e := range g.exceptions {
		f := parity.PolicyFinding{
			Name:  e.config.Name,
			Where: position(g.cfg.Pos, "exceptions", strconv.Itoa(e.index)),
		}
		switch {
		case !e.inForce:
			f.Kind, f.Severity = "exception-expired", parity.High
			f.Message = fmt.Sprintf("exception %s ended on %s", e.config.Name, e.config.Expires)
			if e.covers > 0 {
				f.Message += fmt.Sprintf("; %s that it covered %s again", counted(e.covers, "difference"), verb(e.covers, "counts", "count"))
			} else {
				f.Message += " and covers nothing any more; remove it"
			}
		case e.covers == 0 && e.partly:
			f.Kind, f.Severity = "exception-unused", parity.Low
			f.Message = fmt.Sprintf("exception %s covers only some facts of subjects that are missing or extra as a whole, and so none of them", e.config.Name)
		case e.covers == 0:
			f.Kind, f.Severity = "exception-unused", parity.Low
			f.Message = fmt.Sprintf("exception %s covers no difference any more; remove it", e.config.Name)
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}
