package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// check finds what is wrong between the parts of a config, and fills in the
// ranks and the reference.
func check(cfg *Config, where index, faults *faultList) {
	c := &checker{cfg: cfg, where: where, faults: faults}
	c.version()
	c.environments()
	c.reference()
	c.services()
	c.surfaces()
	c.indicators()
	c.expectations()
	c.exceptions()
	c.allowances()
	c.spellings()
	c.patterns()
}

type checker struct {
	cfg    *Config
	where  index
	faults *faultList

	// names are the environments there are, columns those and their
	// instances; both are nil where a name could not be read, and then
	// nothing is held against a reference.
	names   []string
	columns []string
}

func (c *checker) fault(at spot, hint, format string, args ...any) {
	c.faults.add(at, fmt.Sprintf(format, args...), hint)
}

func (c *checker) version() {
	if c.cfg.Version > Version {
		c.fault(c.where.at("version"), "this parity reads version "+strconv.Itoa(Version)+"; a newer one may read it",
			"version %d is not known", c.cfg.Version)
	}
}

// unique reports names that are taken. what is the kind of thing; path leads
// to the list.
func (c *checker) unique(what string, names []string, path ...string) {
	first := map[string]int{}
	for i, name := range names {
		if name == "" {
			continue
		}
		if j, taken := first[name]; taken {
			at := c.where.at(append(slices.Clone(path), strconv.Itoa(j), "name")...)
			c.fault(c.where.at(append(slices.Clone(path), strconv.Itoa(i), "name")...),
				"the first is at "+at.in(c.where.file), "two %s are called %s", plural(what), quote(name))
			continue
		}
		first[name] = i
	}
}

func (c *checker) environments() {
	envs := c.cfg.Environments
	names := make([]string, len(envs))
	broken := len(envs) == 0
	for i := range envs {
		e, path := &envs[i], []string{"environments", strconv.Itoa(i)}
		names[i] = e.Name
		if !c.name("an environment", e.Name, append(path, "name")...) {
			broken = true
		}
		if e.Name != "" && c.where.lacks(append(path, "sources")...) && c.where.lacks(append(path, "instances")...) {
			c.fault(c.where.at(path...), "add sources, such as - path: overlays/staging", "environment %s has no sources", quote(e.Name))
		}
		c.aliases(e.Aliases, path)
		c.instances(e, path)
		if e.Rank == nil {
			rank := i
			if i > 0 {
				rank = *envs[i-1].Rank + 1
			}
			e.Rank = &rank
		}
	}
	c.unique("environment", names, "environments")
	if broken {
		return
	}
	for i := range envs {
		c.names = append(c.names, envs[i].Name)
		c.columns = append(c.columns, envs[i].Name)
		for _, in := range envs[i].Instances {
			c.columns = append(c.columns, envs[i].Name+"/"+in.Name)
		}
	}
}

func (c *checker) instances(e *Environment, path []string) {
	names := make([]string, len(e.Instances))
	for j := range e.Instances {
		names[j] = e.Instances[j].Name
		at := append(slices.Clone(path), "instances", strconv.Itoa(j))
		c.name("an instance", names[j], append(slices.Clone(at), "name")...)
		c.aliases(e.Instances[j].Aliases, at)
	}
	c.unique("instance", names, append(slices.Clone(path), "instances")...)
}

// aliases checks that a name can stand in a value as a whole word.
func (c *checker) aliases(names []string, path []string) {
	for i, name := range names {
		if !strings.ContainsFunc(name, unicode.IsLetter) {
			c.fault(c.where.at(append(slices.Clone(path), "aliases", strconv.Itoa(i))...),
				"write the name as values have it, such as stg-eu", "an environment's other name has a letter in it, which this has not")
		}
	}
}

// name checks that a name can stand in "environment/instance@role" and in a
// report. An empty one was reported when it was read.
func (c *checker) name(what, name string, path ...string) bool {
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r) {
			c.fault(c.where.at(path...), "use letters, digits, dots, dashes and underscores", "this cannot be the name of %s", what)
			return false
		}
	}
	return name != ""
}

// reference leaves exactly one environment marked.
func (c *checker) reference() {
	envs := c.cfg.Environments
	marked, highest, ties := -1, -1, 0
	for i := range envs {
		if envs[i].Reference {
			if marked >= 0 {
				c.fault(c.where.at("environments", strconv.Itoa(i), "reference"),
					"all are compared against one; mark that one only",
					"%s is a second reference, after %s", quote(envs[i].Name), quote(envs[marked].Name))
				continue
			}
			marked = i
		}
		switch {
		case highest < 0 || *envs[i].Rank > *envs[highest].Rank:
			highest, ties = i, 1
		case *envs[i].Rank == *envs[highest].Rank:
			ties++
		}
	}
	if marked >= 0 || highest < 0 {
		c.referenceInstances()
		return
	}
	if ties > 1 {
		c.fault(c.where.at("environments"), "write reference: true at the one that the others are compared against",
			"no environment is the reference, and %d share the highest rank", ties)
		return
	}
	envs[highest].Reference = true
	c.referenceInstances()
}

// referenceInstances refuses marks on instances that cannot be the reference.
func (c *checker) referenceInstances() {
	for i := range c.cfg.Environments {
		e, first := &c.cfg.Environments[i], ""
		for j := range e.Instances {
			if !e.Instances[j].Reference {
				continue
			}
			at := c.where.at("environments", strconv.Itoa(i), "instances", strconv.Itoa(j), "reference")
			switch {
			case !e.Reference:
				c.fault(at, "mark the environment, or leave this out", "%s is not the reference, so its instance %s cannot be", quote(e.Name), quote(e.Instances[j].Name))
			case first != "":
				c.fault(at, "all are compared against one; mark that one only", "%s is a second reference, after %s", quote(e.Instances[j].Name), quote(first))
			default:
				first = e.Instances[j].Name
			}
		}
	}
}

func (c *checker) services() {
	names := make([]string, len(c.cfg.Services))
	for i := range c.cfg.Services {
		names[i] = c.cfg.Services[i].Name
		for j, m := range c.cfg.Services[i].Match {
			path := []string{"services", strconv.Itoa(i), "match", strconv.Itoa(j)}
			if m.Service != "" || m.Surface != nil || m.Path != "" {
				c.fault(c.where.at(path...), "use kind, scope, name and labels", "a service is recognised by its subjects, not by service, surface or path")
			}
			c.match(m, path)
		}
	}
	c.unique("service", names, "services")
}

func (c *checker) surfaces() {
	for s, conf := range c.cfg.Surfaces {
		for _, env := range slices.Sorted(maps.Keys(conf.Tolerance)) {
			path := []string{"surfaces", s.String(), "tolerance", env}
			c.environment(env, c.where.keyed(path...))
			if conf.Tolerance[env] <= 0 && c.where.isNumber(path...) {
				c.fault(c.where.at(path...), "a quarter of the reference is 0.25", "a ratio must be more than 0")
			}
		}
	}
}

// environment checks a reference to an environment.
func (c *checker) environment(name string, at spot) {
	if c.names != nil && !slices.Contains(c.names, name) {
		c.fault(at, suggest(name, "environments", c.names), "there is no environment %s", quote(name))
	}
}

// column checks a reference to an environment or to an instance of one.
func (c *checker) column(name string, at spot) {
	if c.columns != nil && !slices.Contains(c.columns, name) {
		c.fault(at, suggest(name, "environments", c.columns), "there is no environment %s", quote(name))
	}
}

func (c *checker) columnList(names []string, path ...string) {
	for i, name := range names {
		c.column(name, c.where.at(append(slices.Clone(path), strconv.Itoa(i))...))
	}
}
