using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Benchmarks.Report;

/// <summary>Collects the figures of a run in groups, and prints them.</summary>
internal sealed class FigureBook
{
    private const int NameWidth = 62;

    private readonly List<(string Group, Figure Figure)> _figures = [];
    private readonly List<(string Group, string Why)> _failures = [];
    private string _group = string.Empty;

    public bool AllRan => _failures.Count == 0;

    public void Begin(string group)
    {
        _group = group;
        Console.Error.WriteLine($"measuring: {group}");
    }

    public void Add(Figure figure)
    {
        _figures.Add((_group, figure));
        Console.Error.WriteLine(Row(figure));
    }

    public void Fail(string why)
    {
        _failures.Add((_group, why));
        Console.Error.WriteLine($"  cannot run: {why}");
    }

    public string Table()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"  {"figure",-NameWidth} {"measured",14}  {"peer",26} {"ratio",8} {"budget",10}");
        foreach (IGrouping<string, Figure> group in _figures.GroupBy(f => f.Group, f => f.Figure, StringComparer.Ordinal))
        {
            text.AppendLine().AppendLine(group.Key);
            foreach (Figure figure in group)
            {
                text.AppendLine(Row(figure));
            }

            foreach (string note in group.Where(f => f.Note is not null).Select(f => f.Note!).Distinct(StringComparer.Ordinal))
            {
                text.AppendLine($"    * {note}");
            }
        }

        foreach ((string group, string why) in _failures)
        {
            text.AppendLine().AppendLine($"{group}: cannot run: {why}");
        }

        int held = _figures.Count(f => f.Figure.Budget is not null);
        int missed = _figures.Count(f => f.Figure.Outcome is "MISS");
        return text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{held - missed} of {held} budgets met, {missed} missed; budgets are reported, not asserted, for machines are noisy.").ToString();
    }

    public string Json()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("figures");
            foreach ((string group, Figure figure) in _figures)
            {
                Write(json, group, figure);
            }

            json.WriteEndArray();
            json.WriteStartArray("failures");
            foreach ((string group, string why) in _failures)
            {
                json.WriteStartObject();
                json.WriteString("group", group);
                json.WriteString("why", why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string group, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("group", group);
        json.WriteString("name", figure.Name);
        json.WriteNumber("measured", figure.Measured);
        json.WriteString("unit", figure.Unit);
        json.WriteString("peer", figure.Peer);
        WriteNumber(json, "peerMeasured", figure.PeerMeasured);
        WriteNumber(json, "ratio", figure.Ratio);
        WriteNumber(json, "budget", figure.Budget);
        json.WriteBoolean("atLeast", figure.AtLeast);
        json.WriteString("outcome", figure.Outcome);
        json.WriteString("note", figure.Note);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Row(Figure figure)
    {
        string measured = $"{Number(figure.Measured)} {figure.Unit}";
        string peer = figure.PeerMeasured is { } value ? $"{figure.Peer} {Number(value)}" : "";
        string ratio = figure.Ratio is { } r ? r.ToString("0.00", CultureInfo.InvariantCulture) : "";
        string budget = figure.Budget is { } b ? (figure.AtLeast ? ">= " : "<= ") + Number(b) : "";
        return $"  {figure.Name,-NameWidth} {measured,14}  {peer,26} {ratio,8} {budget,10}  {figure.Outcome}";
    }

    private static string Number(double value) => value switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
