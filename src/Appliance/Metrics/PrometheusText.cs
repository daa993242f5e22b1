using System.Globalization;
using System.Text;

namespace Blackwall.Metrics;

/// <summary>Writes the Prometheus text format 0.0.4: families one after the other, each with its samples.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _family = "";

    /// <summary>Begins a family; a name may begin only one.</summary>
    /// <param name="name">Letters, digits and '_'.</param>
    /// <param name="type">counter, gauge or untyped.</param>
    /// <param name="help">One sentence.</param>
    public PrometheusText Family(string name, string type, string help)
    {
        _family = name;
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quotes: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    public PrometheusText Sample<T>(T value, params ReadOnlySpan<(string Name, string Value)> labels)
        where T : IFormattable
    {
        _text.Append(_family);
        char before = '{';
        foreach ((string name, string text) in labels)
        {
            _text.Append(before).Append(name).Append("=\"");
            Escape(text, quotes: true);
            _text.Append('"');
            before = ',';
        }

        if (labels.Length > 0)
        {
            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString(null, CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>"eventsTaken" is "events_taken"; what no name may hold is '_'.</summary>
    public static string Snake(string name)
    {
        StringBuilder word = new();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && word.Length > 0)
            {
                word.Append('_');
            }

            word.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return word.ToString();
    }

    private void Escape(string text, bool quotes)
    {
        foreach (char letter in text)
        {
            _ = letter switch
            {
                '\\' => _text.Append(@"\\"),
                '\n' => _text.Append(@"\n"),
                '"' when quotes => _text.Append("\\\""),
                _ => _text.Append(letter),
            };
        }
    }
}
