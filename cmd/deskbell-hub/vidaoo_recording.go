package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

func newRecording() *cobra.Command {
	return group("recording", "Recordings of sessions", newRecordingStart(), newRecordingStop(), newRecordingList(), newRecordingDownload())
}

func newRecordingStart() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "start SESSION",
		Short: "Start to record a session and print the recording's id",
		Args:  names(1, 1, "the session id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		r, err := client.StartRecording(cmd.Context(), args[0])
		if err != nil || asJSON(cmd) {
			return printRaw(cmd, r.Raw, err)
		}
		if len(r.Missing) > 0 {
			return fmt.Errorf("the recording runs, but can't be stopped from here: %w", r.Missing[0])
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), shown(r.ID))
		return err
	})
}

func newRecordingStop() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "stop ID",
		Short: "End a recording",
		Args:  names(1, 1, "the recording's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		raw, err := client.StopRecording(cmd.Context(), args[0])
		if err != nil || asJSON(cmd) {
			return printRaw(cmd, raw, err)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "The recording %s is ended.\n", shown(args[0]))
		return err
	})
}

func newRecordingList() *cobra.Command {
	return asking(&cobra.Command{
		Use:   "list",
		Short: "List recordings",
		Args:  names(0, 0, "no arguments"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, _ []string) error {
		all, raw, err := client.Recordings(cmd.Context())
		if asJSON(cmd) && raw != nil {
			return printRaw(cmd, raw, nil)
		}
		if err != nil {
			return err
		}
		return table(cmd.OutOrStdout(), "ID\tSESSION", all, func(r vidaoo.Recording) string { return shown(r.ID) + "\t" + shown(r.Session) })
	})
}

func newRecordingDownload() *cobra.Command {
	var file string
	cmd := asking(&cobra.Command{
		Use:   "download ID",
		Short: "Save a recording; one that was cut goes on where it was",
		Args:  names(1, 1, "the recording's id"),
	}, func(cmd *cobra.Command, client *vidaoo.Client, args []string) error {
		o := vidaoo.DownloadOptions{File: file}
		bar := &progress{out: cmd.ErrOrStderr()}
		if terminal(os.Stderr) {
			o.Started, o.Progress = bar.start, bar.show
		}
		d, err := client.DownloadRecording(cmd.Context(), args[0], o)
		bar.end()
		if err != nil {
			return err
		}
		if asJSON(cmd) {
			return printJSON(cmd, d)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s  %d bytes  sha256 %s\n", d.File, d.Bytes, d.SHA256)
		if d.Resumed > 0 {
			_, more := fmt.Fprintf(cmd.OutOrStdout(), "%d of the bytes were there from an earlier attempt.\n", d.Resumed)
			err = errors.Join(err, more)
		}
		return err
	})
	cmd.Flags().StringVarP(&file, "output", "o", "", "the file (default recording-ID in this folder)")
	return cmd
}
