package config

import (
	"fmt"
	"reflect"
	"time"

	"go.yaml.in/yaml/v3"
)

// Load reads parity.yaml. path is the file as people see it, in messages.
//
// It is strict, and reports everything that is wrong at once: the error is
// Faults, in the order of the file. kinds are the collectors there are.
//
// What it returns is complete: every environment has its rank, exactly one is
// the reference, and what was left out has its default.
func Load(path string, data []byte, kinds Kinds) (*Config, error) {
	root, err := parse(path, data)
	if err != nil {
		return nil, err
	}
	cfg := &Config{}
	d := newDecoder(path, kinds)
	d.value(root, reflect.ValueOf(cfg).Elem(), constraint{}, top)
	where := index{path, root}
	cfg.Path, cfg.Pos = path, where.position
	if target(root).Kind == yaml.MappingNode && !d.spent {
		check(cfg, where, &d.faults)
	}
	if err := d.faults.err(); err != nil {
		return nil, err
	}
	return cfg, nil
}

// Default is the Config of a project that has none: no environments, and the
// default of everything else.
func Default() *Config {
	cfg := &Config{Version: Version, Path: "", Pos: func(...string) string { return "" }}
	fillAll(reflect.ValueOf(cfg).Elem())
	return cfg
}

// Version is the version of the format that this package reads.
const Version = 1

// dayForm is how parity.yaml writes a day.
const dayForm = "2006-01-02"

// UnmarshalText reads a day as YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.ParseInLocation(dayForm, string(text), time.UTC)
	if err != nil {
		return fmt.Errorf("not a date of the form YYYY-MM-DD")
	}
	d.Time = t
	return nil
}

// MarshalText writes the day as YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String gives the day as YYYY-MM-DD.
func (d Date) String() string { return d.Format(dayForm) }

// End is the first moment after the day: something that ends on it is in force
// before End and not from End on.
func (d Date) End() time.Time { return d.AddDate(0, 0, 1) }
