package parity

// Role says what a source speaks of: what is declared, what runs, or what was
// measured.
type Role string

// The roles of a source.
const (
	Desired  Role = "desired"  // declared: manifests, charts, Compose files
	Live     Role = "live"     // running
	Observed Role = "observed" // telemetry and traffic
)

// Column is what compare sets side by side: one environment, one of its
// instances, in one role.
type Column struct {
	Environment string `json:"environment"`
	// Instance is empty where the environment has only one.
	Instance string `json:"instance,omitempty"`
	Role     Role   `json:"role"`
	// Rank orders environments towards production; higher is nearer.
	Rank int `json:"rank"`
	// Reference marks the column that all others are compared against.
	Reference bool `json:"reference,omitempty"`
}

// String names the column as people see it: "production" or "production/eu".
// One comparison has one column of an environment's instance, so that the role
// takes no part.
func (c Column) String() string {
	if c.Instance == "" {
		return c.Environment
	}
	return c.Environment + "/" + c.Instance
}
