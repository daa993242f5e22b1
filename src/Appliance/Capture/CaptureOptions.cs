using System.Globalization;
using Blackwall.Config;

namespace Blackwall.Capture;

/// <summary>[pcap]: what is captured of flagged sources, and how much of it is kept.</summary>
public sealed class CaptureOptions
{
    /// <summary>Whether decisions of this appliance are captured. Captures that an operator asks for work either way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where captures lie; empty: "captures" in the state folder. Made with mode 0700.</summary>
    public string Folder { get; set; } = "";

    /// <summary>A file that is larger is closed and the next one begun; 1..1024 MiB.</summary>
    public int MaxFileMegabytes { get; set; } = 8;

    /// <summary>All captures together; the oldest ended ones make room. 1..1,048,576 MiB.</summary>
    public int MaxTotalMegabytes { get; set; } = 512;

    /// <summary>Captures older than this go; 1..8760 hours.</summary>
    public int MaxAgeHours { get; set; } = 168;

    /// <summary>Captures that are kept; 1..100,000.</summary>
    public int MaxCaptures { get; set; } = 10_000;

    /// <summary>Captures that run at a time; what comes beyond is counted. 1..2048.</summary>
    public int MaxOpen { get; set; } = 256;

    /// <summary>A capture ends after so many packets; 1..10,000,000.</summary>
    public int MaxPackets { get; set; } = 20_000;

    /// <summary>A capture ends after so many MiB; 1..65,536.</summary>
    public int MaxMegabytes { get; set; } = 32;

    /// <summary>How much of what a source sent before it was decided about is kept in memory and written first; 0..60 seconds, 0: nothing.</summary>
    public int SecondsBefore { get; set; } = 10;

    /// <summary>How long a source is captured after a decision; 1..3600 seconds.</summary>
    public int SecondsAfter { get; set; } = 60;

    /// <summary>Packets of one source that are captured a second; 1..1,000,000.</summary>
    public int PacketsPerSecond { get; set; } = 2_000;

    /// <summary>Bytes kept of each packet; 64..65,535.</summary>
    public int SnapLength { get; set; } = 2_048;

    /// <summary>Memory between kernel and writer while something is captured; 1..256 MiB.</summary>
    public int RingMegabytes { get; set; } = 8;

    /// <summary>Whether files are compressed with gzip once they are full or ended.</summary>
    public bool Compression { get; set; } = true;

    /// <summary>Ports of this machine's own addresses that are never captured, beside the API's own.</summary>
    public IReadOnlyList<ushort> ExcludePorts { get; set; } = [22];

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<CaptureOptions>("pcap", "Captures of sources that something was decided about.", new CaptureOptions())
            .Flag("enabled", "Whether decisions of this appliance are captured. Captures that an operator asks for work either way.", o => o.Enabled, (o, v) => o.Enabled = v)
            .Text("folder", "Absolute path of the folder for captures; empty: \"captures\" in the state folder.", o => o.Folder, (o, v) =>
            {
                o.Folder = v;
                return v.Length == 0 || (v.StartsWith('/') && v.Length <= 1024) ? null : "must be an absolute path, or empty for the state folder";
            })
            .Integer("max_file_megabytes", "Size at which a file is closed and the next one begun, MiB.", 1, 1024, o => o.MaxFileMegabytes, (o, v) => o.MaxFileMegabytes = (int)v)
            .Integer("max_total_megabytes", "All captures together, MiB; the oldest ended ones make room.", 1, 1_048_576, o => o.MaxTotalMegabytes, (o, v) => o.MaxTotalMegabytes = (int)v)
            .Integer("max_age_hours", "Hours after which captures are deleted.", 1, 8760, o => o.MaxAgeHours, (o, v) => o.MaxAgeHours = (int)v)
            .Integer("max_captures", "Captures that are kept.", 1, 100_000, o => o.MaxCaptures, (o, v) => o.MaxCaptures = (int)v)
            .Integer("max_open", "Captures that run at a time; what comes beyond is counted.", 1, 2048, o => o.MaxOpen, (o, v) => o.MaxOpen = (int)v)
            .Integer("max_packets", "Packets after which a capture ends.", 1, 10_000_000, o => o.MaxPackets, (o, v) => o.MaxPackets = (int)v)
            .Integer("max_megabytes", "MiB after which a capture ends.", 1, 65_536, o => o.MaxMegabytes, (o, v) => o.MaxMegabytes = (int)v)
            .Integer("seconds_before", "Seconds before the decision of which packets are kept in memory and written first; 0: none.", 0, 60, o => o.SecondsBefore, (o, v) => o.SecondsBefore = (int)v)
            .Integer("seconds_after", "Seconds for which a source is captured after a decision.", 1, 3600, o => o.SecondsAfter, (o, v) => o.SecondsAfter = (int)v)
            .Integer("packets_per_second", "Packets of one source that are captured a second.", 1, 1_000_000, o => o.PacketsPerSecond, (o, v) => o.PacketsPerSecond = (int)v)
            .Integer("snap_length", "Bytes kept of each packet.", 64, 65_535, o => o.SnapLength, (o, v) => o.SnapLength = (int)v)
            .Integer("ring_megabytes", "Memory between kernel and writer while something is captured, MiB.", 1, 256, o => o.RingMegabytes, (o, v) => o.RingMegabytes = (int)v)
            .Flag("compression", "Whether files are compressed with gzip once they are full or ended.", o => o.Compression, (o, v) => o.Compression = v)
            .List("exclude_ports", "Ports of the own addresses of this machine that are never captured, beside that of the API, in quotes; at most 32.", o => [.. o.ExcludePorts.Select(p => p.ToString(CultureInfo.InvariantCulture))], SetPorts)
            .LiveExcept("folder", "ring_megabytes", "exclude_ports"),
    ];

    private static string? SetPorts(CaptureOptions options, IReadOnlyList<string> words)
    {
        List<ushort> ports = [];
        foreach (string word in words)
        {
            if (words.Count > 32 || !ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                return "must be a list of at most 32 port numbers in quotes: [\"22\"]";
            }

            ports.Add(port);
        }

        options.ExcludePorts = ports;
        return null;
    }
}
