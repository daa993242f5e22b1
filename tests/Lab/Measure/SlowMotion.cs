using System.Buffers.Binary;

namespace Blackwall.Lab.Measure;

/// <summary>Draws a real capture out in time: connections begin long after one another, and what belongs to each stays as it was.</summary>
/// <param name="Between">Before each SYN that begins a group, but the first; jitter is added.</param>
/// <param name="Jitter">Part of that by which it is longer or shorter at most, 0..1.</param>
public sealed record SlowMotion(TimeSpan Between, double Jitter)
{
    private const int Ethernet = 14;
    private const int Header6 = 40;
    private const byte Tcp = 6;

    /// <summary>Connections that stay together: a tool may open several for one try.</summary>
    public int Group { get; init; } = 1;

    /// <returns>From the first packet to the last.</returns>
    public async Task<TimeSpan> WriteAsync(string from, string to, CancellationToken cancellation)
    {
        Random random = new(3);
        await using var stream = File.Create(to);
        await stream.WriteAsync(PcapFile.Header(), cancellation);
        DateTimeOffset? first = null;
        DateTimeOffset last = default, drawn = default;
        var connections = 0;
        foreach (var (time, frame) in PcapFile.Read(from))
        {
            var begins = IsSyn(frame.Span) && connections++ % Group == 0;
            var wait = first is not null && begins ? Between * (1 - Jitter + (2 * Jitter * random.NextDouble())) : TimeSpan.Zero;
            drawn = first is null ? time : drawn + (time - last) + wait;
            first ??= time;
            last = time;
            await stream.WriteAsync(PcapFile.Record(drawn, frame.Length), cancellation);
            await stream.WriteAsync(frame, cancellation);
        }

        return first is null ? TimeSpan.Zero : drawn - first.Value;
    }

    private static bool IsSyn(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Ethernet + Header6)
        {
            return false;
        }

        var isV6 = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x86dd;
        var protocol = frame[Ethernet + (isV6 ? 6 : 9)];
        var flags = Ethernet + (isV6 ? Header6 : (frame[Ethernet] & 15) * 4) + 13;
        return protocol == Tcp && flags < frame.Length && (frame[flags] & 0x12) == 2;
    }
}
