using System.Text;
using Blackwall.Feeds.Wire;

namespace Blackwall.Fuzz;

/// <summary>Threat feeds in all their formats; the first byte chooses one.</summary>
internal sealed class FeedTarget : IFuzzTarget
{
    private const int MostEntries = 1000;
    private static readonly FeedFormat[] Formats = Enum.GetValues<FeedFormat>();

    public string Name => "feed";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new (FeedFormat Format, string Text)[]
        {
            (FeedFormat.Plain, "# x\n45.0.0.1\n45.1.0.0/16 ; SBL1\r\n::ffff:45.0.0.1/120\n[2a00::1]:80\n45.0.0.0-45.0.0.9\n0.0.0.0-255.255.255.255\n::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n"),
            (FeedFormat.Csv, "a,b\n1,\"45.0.0.1\"\n2,\"x \"\" y\",45.0.0.2\n"),
            (FeedFormat.Feodo, "\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n\"x\",\"45.0.0.1\",\"443\",\"online\",\"x\",\"QakBot\"\n"),
            (FeedFormat.Threatfox, "\"x\", \"1\", \"45.0.0.1:443\", \"ip:port\", \"x\", \"y\", \"\", \"Z\"\n"),
            (FeedFormat.Urlhaus, "\"1\",\"x\",\"http://45.0.0.1:80/a?b#c\",\"online\",\"x\",\"y\"\n"),
            (FeedFormat.Sslbl, "# Firstseen,DstIP,DstPort\nx,45.0.0.1,443\n"),
            (FeedFormat.Spamhaus, "{\"cidr\":\"45.0.0.0/16\",\"sblid\":\"SBL1\"}\n{\"type\":\"metadata\",\"records\":1}\n"),
            (FeedFormat.Json, "{\"data\":[{\"ip\":\"45.0.0.1\"},\"45.0.0.2\",{\"ip\":\"\\ud800\"}]}"),
            (FeedFormat.Dshield, "45.0.0.0\t45.0.0.255\t24\t1\tX\n"),
            (FeedFormat.Stix, "{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2029-01-01T00:00:00Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.1']\"}]}"),
        }.Select(seed => (byte[])[(byte)seed.Format, .. Encoding.UTF8.GetBytes(seed.Text)]),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return null;
        }

        FeedReading reading = FeedReader.Read(Formats[input[0] % Formats.Length], "", input[1..], MostEntries, long.MaxValue / 2);
        if (reading.Entries.Count > MostEntries || reading.Samples.Count > FeedReading.MaxSamples)
        {
            return "more than may be";
        }

        if (reading.Failure is not null && reading.Entries.Count > 0)
        {
            return "a failure with entries";
        }

        for (int i = 0; i < reading.Entries.Count; i++)
        {
            FeedEntry entry = reading.Entries[i];
            if (i > 0 && reading.Entries[i - 1].Scope.CompareTo(entry.Scope) >= 0)
            {
                return "not in order, or twice";
            }

            if (!ScopeText.TryRead(Encoding.UTF8.GetBytes($"{entry.Scope}"), out var again) || again != entry.Scope)
            {
                return $"'{entry.Scope}' does not read back";
            }

            if (entry.Note is { } note && (note.Length > FeedReading.MaxNote || note.Any(letter => letter is < ' ' or > '~')))
            {
                return "a note that may do harm";
            }
        }

        return null;
    }
}
