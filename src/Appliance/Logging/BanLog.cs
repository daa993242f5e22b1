using System.Globalization;
using System.Text;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Logging;

/// <summary>
/// A file with one line for each block, redirect and limit, and for its end. It is opened for each batch, so that it may be renamed at any time.
/// What cannot be written is tried again; after a kill a few lines may be there twice, with the same sequence.
/// </summary>
internal sealed class BanLog(IOptions<LogOptions> options) : IEventReader, IHealthSource
{
    private string? _fault;

    public string Name => "ban-log";

    public bool IsResumed => true;

    public bool Ready => true;

    public string? Fault => Volatile.Read(ref _fault);

    public async Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        StringBuilder lines = new();
        foreach (ApplianceEvent happened in page.Events)
        {
            if ((DecisionEvents.Decided.Read(happened) ?? DecisionEvents.Lifted.Read(happened)) is { } change && change.Decision.Verdict is not "pass")
            {
                lines.Append(LineOf(happened, DecisionLine.From(change))).Append('\n');
            }
        }

        if (lines.Length == 0)
        {
            return;
        }

        try
        {
            await using FileStream file = new(options.Value.BanLog, new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            });
            await file.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
            Volatile.Write(ref _fault, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _fault, $"log.ban_log {options.Value.BanLog} cannot be written: {failure.Message} Free space or correct the path; it is tried again.");
            throw;
        }
    }

    internal static string LineOf(ApplianceEvent happened, DecisionLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{happened.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} blackwall {(line.IsEnd ? "unban" : "ban")} address={line.Scope} verdict={line.Verdict} change={line.Change} until={line.Until} id={line.Id} sequence={happened.Sequence} origin={line.Origin} reason={OneLine.Quote(line.Reason)} evidence={OneLine.Quote(line.Evidence)}");
}
