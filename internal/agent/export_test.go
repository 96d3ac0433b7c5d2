package agent

import "time"

// Within gives each step of a connection test a shorter deadline.
func (o DiagnoseOptions) Within(patience time.Duration) DiagnoseOptions {
	o.patience = patience
	return o
}
