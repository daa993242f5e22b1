using System.Globalization;
using System.Text.Json.Nodes;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Zeek's conn.log, as JSON or with tabs between and a line that names the fields.</summary>
internal static class ZeekLog
{
    public static IEnumerable<LoggedFlow> Read(IEnumerable<string> lines)
    {
        string[] names = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("#fields\t", StringComparison.Ordinal))
            {
                names = line.Split('\t')[1..];
            }
            else if (!line.StartsWith('#') && Fields(line, names) is { } fields && Flow(fields) is { } flow)
            {
                yield return flow;
            }
        }
    }

    private static Dictionary<string, string>? Fields(string line, string[] names)
    {
        if (line.StartsWith('{'))
        {
            return JsonNode.Parse(line)!.AsObject().ToDictionary(field => field.Key, field => $"{field.Value}", StringComparer.Ordinal);
        }

        string[] values = line.Split('\t');
        return values.Length == names.Length ? names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal) : null;
    }

    private static LoggedFlow? Flow(Dictionary<string, string> fields)
    {
        double Number(string name) => double.TryParse(fields.GetValueOrDefault(name), CultureInfo.InvariantCulture, out double value) ? value : 0;
        if (!fields.TryGetValue("id.orig_h", out string? source) || !fields.TryGetValue("id.resp_h", out string? target))
        {
            return null;
        }

        string state = fields.GetValueOrDefault("conn_state", string.Empty);
        return new(
            Number("ts"),
            fields.GetValueOrDefault("proto", string.Empty),
            source,
            (int)Number("id.orig_p"),
            target,
            (int)Number("id.resp_p"),
            Number("duration"),
            (long)Number("orig_bytes"),
            (long)Number("resp_bytes"),
            state is "SF" or "S1" or "S2" or "S3" or "RSTO" or "RSTR" or "OTH",
            state is "REJ");
    }
}
