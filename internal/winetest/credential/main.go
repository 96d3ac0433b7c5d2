// Command credential prints the secret of one entry of the system's keyring that Deskbell made, such as
// anna@127.0.0.1:8480. The tests build it for Windows, to see the Credential Manager with other eyes than
// the app's. It exits 3 if there is no such entry.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/zalando/go-keyring"
)

const (
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: credential USER@HUB")
		os.Exit(exitUsage)
	}
	secret, err := keyring.Get("deskbell", os.Args[1])
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		fmt.Fprintf(os.Stderr, "credential: there is no entry of Deskbell's for %s\n", os.Args[1])
		os.Exit(exitNotFound)
	case err != nil:
		fmt.Fprintf(os.Stderr, "credential: the entry for %s was not read: %v\n", os.Args[1], err)
		os.Exit(exitFailed)
	}
	fmt.Print(secret)
}
