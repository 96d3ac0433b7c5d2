// Package translations holds what Deskbell says in other languages than English:
// one JSON file for each, from the English sentence to its translation. What is
// counted has an object with the language's plural forms of CLDR (one, other …).
package translations

import "embed"

// Files are de.json, es.json, fr.json and it.json.
//
//go:embed *.json
var Files embed.FS
