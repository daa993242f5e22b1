using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Siem;
using Blackwall.Siem.Formats;
using Xunit;

namespace Blackwall.Tests.Siem;

/// <summary>Each format is read back by its vendor's rules, written anew here; hostile text comes out whole where the format can say it, and forges nothing.</summary>
public sealed class FormatTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, 123, TimeSpan.Zero);

    private static readonly string[] Hostile =
    [
        "a|b", "a=b", @"a\b", "a\nb", "a\r\nCEF:0|Evil|E|1|1|forged|10|act=pass", "a\tsrc=1.2.3.4", "act=pass src=1.2.3.4", "\\= \\| \\n", "<13>1 - - - - -", "a\0b", "\u001b[31mred", "a\u2028b", "é😀漢",
        "\",\"forged\":true,\"x\":\"", "{\"event\":{}}", "</script>", "a\u202eb", "%s%n", "`$(id)`", "' OR 1=1 --", "LEEF:2.0|E|E|1|x|\t", "\\", "=", "|", " leading", "trailing ", "x=", "cs1=forged cs1Label=forged", "\ud800", "\\r\\n", "a\u0085b",
    ];

    public static TheoryData<string> Texts => [.. Hostile, new string('x', 5000)];

    private static SiemEvent Event(string text, string source = "198.51.100.7") => new("log-7", 7, Start, "decision", "Source blocked", 8, Encoding.UTF8.GetBytes("{\"by\":\"appliance\"}"))
    {
        Source = source, Destination = "192.0.2.1", DestinationPort = 22, Protocol = "tcp", Action = "drop", Reason = text, User = text, Message = text, Confidence = 90, DecisionId = 4711, Indicator = "indicator--x",
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Cef_keeps_its_fields(string text)
    {
        string line = CefWriter.Write(Event(text));
        Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter is '\u2028');
        (string[] header, Dictionary<string, string> pairs) = ReadCef(line);
        Assert.Equal(["CEF:0", "Blackwall", "Appliance", Product.Version, "decision", "Source blocked", "8"], header);
        Assert.Equal(["rt", "externalId", "cat", "src", "dst", "dpt", "proto", "act", "reason", "suser", "cn1", "cn1Label", "cn2", "cn2Label", "cs1", "cs1Label", "msg"], pairs.Keys);
        Assert.Equal("drop", pairs["act"]);
        Assert.Equal("198.51.100.7", pairs["src"]);
        Assert.Equal("1796040000123", pairs["rt"]);
        string expected = Blank(text[..Math.Min(text.Length, 1023)], keepBreaks: true);
        Assert.Equal(expected.TrimEnd(), pairs["msg"].TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Leef_keeps_its_fields(string text)
    {
        string line = LeefWriter.Write(Event(text));
        string[] parts = line.Split('|', 7);
        Assert.Equal(["LEEF:2.0", "Blackwall", "Appliance", Product.Version, "decision", "x09"], parts[..6]);
        Dictionary<string, string> pairs = parts[6].Split('\t').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Assert.All(pairs.Keys, key => Assert.All(key, letter => Assert.True(char.IsAsciiLetterOrDigit(letter))));
        Assert.Equal("198.51.100.7", pairs["src"]);
        Assert.Equal("8", pairs["sev"]);
        Assert.Equal(Blank(text[..Math.Min(text.Length, 1023)], keepBreaks: false), pairs["detail"]);
        Assert.DoesNotContain(line, letter => char.IsControl(letter) && letter != '\t');
    }

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Json_keeps_every_text_whole_on_one_line(string text)
    {
        string whole = text.Replace("\ud800", "\ufffd", StringComparison.Ordinal);
        foreach (byte[] made in new[] { JsonFormats.Hec(Event(text), "edge", "main", "blackwall:event"), JsonFormats.Ecs(Event(text), "edge"), JsonFormats.Eve(Event(text), "edge") })
        {
            Assert.DoesNotContain((byte)'\n', made);
            JsonNode read = JsonNode.Parse(made)!;
            JsonNode own = read["event"]?["severity"] is not null && read["blackwall"] is null ? read["event"]! : read["blackwall"]!;
            Assert.Equal(whole, (string?)own["message"]);
            Assert.Equal("appliance", (string?)own["data"]!["by"]);
            Assert.Null(read["forged"]);
        }
    }

    [Fact]
    public void A_collectors_event_has_its_metadata_beside_it()
    {
        JsonNode read = JsonNode.Parse(JsonFormats.Hec(Event("x"), "edge", "main", "blackwall:event"))!;
        Assert.Equal("1796040000.123", read["time"]!.ToJsonString());
        Assert.Equal(["time", "host", "source", "sourcetype", "index", "event", "fields"], read.AsObject().Select(member => member.Key));
        Assert.Equal("log-7", (string?)read["event"]!["id"]);
    }

    [Fact]
    public void Addresses_of_ipv6_and_prefixes_have_their_own_fields()
    {
        (_, Dictionary<string, string> six) = ReadCef(CefWriter.Write(Event("x", "2001:db8::/32")));
        Assert.Equal(("2001:db8::", "Source IPv6 Address", "2001:db8::/32"), (six["c6a2"], six["c6a2Label"], six["cs3"]));
        Assert.False(six.ContainsKey("src"));
        JsonNode ecs = JsonNode.Parse(JsonFormats.Ecs(Event("x", "2001:db8::/32"), "edge"))!;
        Assert.Null(ecs["source"]!["ip"]);
        Assert.Equal("2001:db8::/32", (string?)ecs["source"]!["address"]);
    }

    [Fact]
    public void A_syslog_header_has_the_form_of_the_standard()
    {
        string message = Encoding.UTF8.GetString(SyslogWriter.Write(Event("x"), "ed ge\n", "CEF:0|"));
        Assert.Equal("<130>1 2026-11-30T12:00:00.123Z edge blackwall - decision - CEF:0|", message);
    }

    // ArcSight's rules: pipes of the header may be escaped; a value lasts until a blank, a key and an equals sign that is not escaped.
    private static (string[] Header, Dictionary<string, string> Pairs) ReadCef(string line)
    {
        List<string> header = [];
        StringBuilder field = new();
        int at = 0;
        for (; at < line.Length && header.Count < 7; at++)
        {
            if (line[at] is '\\' && line[at + 1] is '|' or '\\')
            {
                field.Append(line[++at]);
            }
            else if (line[at] is '|')
            {
                header.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[at]);
            }
        }

        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        string rest = line[at..];
        List<(int Key, int Equal)> starts = [];
        for (int i = 0; i < rest.Length; i++)
        {
            if (rest[i] is '\\')
            {
                i++;
            }
            else if (rest[i] is '=')
            {
                int key = rest.LastIndexOf(' ', i) + 1;
                starts.Add((key, i));
            }
        }

        for (int i = 0; i < starts.Count; i++)
        {
            int end = i + 1 < starts.Count ? starts[i + 1].Key - 1 : rest.Length;
            string value = rest[(starts[i].Equal + 1)..end];
            StringBuilder plain = new();
            for (int j = 0; j < value.Length; j++)
            {
                plain.Append(value[j] is '\\' && j + 1 < value.Length ? value[++j] switch { 'n' => '\n', 'r' => '\r', char other => other } : value[j]);
            }

            pairs.Add(rest[starts[i].Key..starts[i].Equal], plain.ToString());
        }

        return ([.. header], pairs);
    }

    private static string Blank(string text, bool keepBreaks) =>
        string.Concat(text.Select(letter => keepBreaks && letter is '\n' or '\r' && keepBreaks ? letter : char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter));
}
