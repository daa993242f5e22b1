using System.Globalization;
using Blackwall.Client;
using Blackwall.Client.Captures;

namespace Blackwall.Ctl;

/// <summary>The verbs about captures of packets.</summary>
internal static class CaptureVerbs
{
    public static void Started(TextWriter output, Client.Captures.Capture capture) =>
        output.WriteLine(Table.Plain(string.Create(CultureInfo.InvariantCulture, $"Captures {capture.Address} as capture {capture.Id} until {CtlViews.Time(capture.Until, "-")}.")));

    public static void List(TextWriter output, TextWriter error, CapturePage page)
    {
        Table table = new("ID", "ADDRESS", "CAUSE", "DECISIONS", "STARTED", "ENDED", "PACKETS", "BYTES", "OUTCOME");
        foreach (Client.Captures.Capture capture in page.Items)
        {
            table.Add(
                CtlViews.Text(capture.Id),
                capture.Address,
                capture.Cause,
                string.Join(' ', capture.Decisions.Select(id => CtlViews.Text(id))),
                CtlViews.Time(capture.Started, "-"),
                CtlViews.Time(capture.Ended, "runs"),
                CtlViews.Text(capture.Packets),
                CtlViews.Text(capture.Bytes),
                capture.Outcome ?? "");
        }

        CtlViews.Page(output, error, table, page.NextCursor);
    }

    /// <summary>Copies a capture's packets to where the shell sends standard output. A terminal would be left in pieces.</summary>
    public static async Task CopyAsync(CtlLine line, ApplianceClient api, TextWriter output, CancellationToken cancellation)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            throw new CtlException(CtlExit.BadUsage, $"Packets are no text; write them to a file: ./blackwall ctl capture-file {line.Subject} > capture.pcapng");
        }

        await using Stream to = Console.OpenStandardOutput();
        if (await api.Captures.CopyAsync(line.Number, to, cancellation) is { } failure)
        {
            throw CtlClient.Failed(failure);
        }
    }
}
