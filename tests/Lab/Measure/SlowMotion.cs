namespace Blackwall.Lab.Measure;

/// <summary>Draws a real capture out in time: pauses become longer, what happened without a pause stays as it was.</summary>
/// <param name="Pause">Gaps between packets from which on they are pauses.</param>
/// <param name="Factor">How many times longer each becomes.</param>
public sealed record SlowMotion(TimeSpan Pause, double Factor)
{
    /// <returns>From the first packet to the last.</returns>
    public async Task<TimeSpan> WriteAsync(string from, string to, CancellationToken cancellation)
    {
        await using var stream = File.Create(to);
        await stream.WriteAsync(PcapFile.Header(), cancellation);
        DateTimeOffset? first = null;
        DateTimeOffset last = default, drawn = default;
        foreach (var (time, frame) in PcapFile.Read(from))
        {
            var gap = first is null ? TimeSpan.Zero : time - last;
            drawn = first is null ? time : drawn + (gap >= Pause ? gap * Factor : gap);
            first ??= time;
            last = time;
            await stream.WriteAsync(PcapFile.Record(drawn, frame.Length), cancellation);
            await stream.WriteAsync(frame, cancellation);
        }

        return first is null ? TimeSpan.Zero : drawn - first.Value;
    }
}
