package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

// vidaooURL names the API in the environment.
const vidaooURL = "DESKBELL_VIDAOO_URL"

// settingsName is the file in the data folder that holds how this Vidaoo differs from the usual one.
const settingsName = "vidaoo.conf"

func newVidaoo() *cobra.Command {
	g := group("vidaoo", "Ask Vidaoo: connect a queue, meetings, automations, recordings",
		newConnect(), newVerify(), newMeeting(), newAutomation(), newRecording())
	g.Long = "Ask Vidaoo's REST API. The API key comes from " + keySecret.variable + ", systemd's credential " + keySecret.credential +
		", the data folder (where connect stores it), or standard input."
	f := g.PersistentFlags()
	f.String("base-url", "", "where Vidaoo's API is, in the place of "+vidaooURL+" and of "+settingsName+" in the data folder")
	f.StringArray("set", nil, "how this Vidaoo differs: NAME=VALUE, see docs/vidaoo.md; may be given several times")
	f.String("ca-file", "", "certificates of authorities to trust beside the system's, PEM file")
	f.Bool("key-stdin", false, "read the API key from standard input")
	g.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		return fromEnvironment(cmd.InheritedFlags(), "set", "base-url", "key-stdin")
	}
	return g
}

// vidaooClient makes a client from the flags, the environment and the data folder.
func vidaooClient(cmd *cobra.Command) (*vidaoo.Client, vidaooConfig, error) {
	var c vidaooConfig
	settings, err := vidaooSettings(cmd)
	if err != nil {
		return nil, c, err
	}
	c.Settings = settings
	if c.key, err = keySecret.find(cmd); err != nil {
		return nil, c, err
	}
	c.Key = c.key.value
	if settings.Of(vidaoo.SettingAuth) == vidaoo.AuthLogin {
		if c.password, err = passwordSecret.find(cmd); err != nil {
			return nil, c, err
		}
		c.Password = c.password.value
	}
	client, err := vidaoo.NewClient(c.Config)
	if err != nil {
		return nil, c, usageError{err}
	}
	return client, c, nil
}

// vidaooConfig is what a client was made from.
type vidaooConfig struct {
	vidaoo.Config
	key, password found
}

// vidaooSettings are those of the data folder, with what this run says otherwise.
func vidaooSettings(cmd *cobra.Command) (vidaoo.Settings, error) {
	dir, _ := cmd.Flags().GetString("data")
	path := filepath.Join(dir, settingsName)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the settings of Vidaoo: %w: run this as the user the hub runs as, or name another folder with --data", err)
	}
	s, err := vidaoo.ParseSettings(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s, %w", path, err)
	}
	for _, over := range []struct{ setting, flag, variable string }{
		{vidaoo.SettingBaseURL, "base-url", vidaooURL}, {vidaoo.SettingCAFile, "ca-file", ""},
	} {
		value := os.Getenv(over.variable)
		from := over.variable
		if f := cmd.Flags().Lookup(over.flag); f.Changed {
			value, from = f.Value.String(), "--"+over.flag
		}
		if value == "" {
			continue
		}
		if over.setting == vidaoo.SettingCAFile {
			if value, err = filepath.Abs(value); err != nil {
				return nil, fmt.Errorf("--ca-file: %w", err)
			}
		}
		if err := s.Set(over.setting + "=" + value); err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", from, err)}
		}
	}
	pairs, _ := cmd.Flags().GetStringArray("set")
	for _, pair := range pairs {
		if err := s.Set(pair); err != nil {
			return nil, usageError{fmt.Errorf("--set: %w", err)}
		}
	}
	return s, nil
}

// asking is a command that asks Vidaoo for one thing.
func asking(cmd *cobra.Command, ask func(*cobra.Command, *vidaoo.Client, []string) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		client, _, err := vidaooClient(cmd)
		if err != nil {
			return err
		}
		defer client.Close()
		return ask(cmd, client, args)
	}
	return withJSON(cmd)
}

func newVerify() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "verify",
		Short: "Ask Vidaoo whether the API key is good",
		Args:  names(0, 0, "no arguments"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, _ []string) error {
		raw, err := client.Verify(cmd.Context())
		if err != nil || asJSON(cmd) {
			return printRaw(cmd, raw, err)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s takes the key.\n", client.Host())
		return err
	})
}

// printRaw prints a reply as it came.
func printRaw(cmd *cobra.Command, raw json.RawMessage, err error) error {
	text := strings.TrimSuffix(string(raw), "\n")
	if text == "" || !asJSON(cmd) {
		return err
	}
	_, failed := fmt.Fprintln(cmd.OutOrStdout(), text)
	return errors.Join(err, failed)
}

// shown is a text of Vidaoo's as it may stand on a terminal.
func shown(text string) string { return orDash(clean.Text(text, maxShown)) }

// note tells of what a reply lacked.
func note(cmd *cobra.Command, missing []*vidaoo.FieldError, but string) {
	for _, m := range missing {
		if m.Setting != but {
			fmt.Fprintln(cmd.ErrOrStderr(), "deskbell-hub: note:", oneLine(m))
		}
	}
}
