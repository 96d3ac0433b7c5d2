//go:build !linux && !darwin && !windows

package credential

// systemKind knows no names for the failures of other systems.
func systemKind(error) Kind { return Unknown }
