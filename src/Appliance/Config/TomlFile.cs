using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;

namespace Blackwall.Config;

/// <summary>Reads a TOML text into "section.key" and value, each with its line. Pure.</summary>
internal static class TomlFile
{
    public static Dictionary<string, ConfigValue> Read(string text, string fileName, List<string> errors)
    {
        Dictionary<string, ConfigValue> values = new(StringComparer.Ordinal);
        try
        {
            Walk(TomlParser.Create(text, new TomlSerializerOptions { SourceName = fileName }), fileName, values, errors);
        }
        catch (TomlException failure)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{fileName}:{failure.Line ?? 0}: not valid TOML: {failure.Message}"));
        }
        catch (Exception failure)
        {
            // The library's lexer fails on some broken escapes with exceptions of other types.
            errors.Add($"{fileName}: not valid TOML: {failure.Message}");
        }

        return values;
    }

    private static void Walk(TomlParser parser, string fileName, Dictionary<string, ConfigValue> values, List<string> errors)
    {
        List<string> path = [];
        string key = "";
        int keyLine = 0;
        List<string>? list = null;
        int nesting = 0;
        while (parser.MoveNext())
        {
            TomlParseEvent now = parser.Current;
            switch (now.Kind)
            {
                case TomlParseEventKind.PropertyName:
                    key = parser.GetPropertyName();
                    keyLine = now.Line;
                    break;
                case TomlParseEventKind.StartTable:
                    if (nesting > 0)
                    {
                        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{fileName}:{keyLine}: '{Join(path, key)}' is a list of tables, which no setting is."));
                    }

                    path.Add(key);
                    break;
                case TomlParseEventKind.EndTable:
                    path.RemoveAt(path.Count - 1);
                    break;
                case TomlParseEventKind.StartArray:
                    if (++nesting == 1)
                    {
                        list = [];
                    }

                    break;
                case TomlParseEventKind.EndArray:
                    if (--nesting == 0)
                    {
                        Put(Join(path, key), new ConfigValue(null, list, ConfigValueKind.List, At(keyLine)), keyLine);
                        list = null;
                    }

                    break;
                case TomlParseEventKind.String or TomlParseEventKind.Integer or TomlParseEventKind.Float or TomlParseEventKind.Boolean or TomlParseEventKind.DateTime:
                    (string scalar, ConfigValueKind kind) = Scalar(parser, now);
                    if (list is null)
                    {
                        Put(Join(path, key), new ConfigValue(scalar, null, kind, At(keyLine)), keyLine);
                    }
                    else if (kind == ConfigValueKind.Text && nesting == 1)
                    {
                        list.Add(scalar);
                    }
                    else
                    {
                        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{fileName}:{keyLine}: '{Join(path, key)}' is a list of texts in quotes."));
                    }

                    break;
            }
        }

        string At(int line) => string.Create(CultureInfo.InvariantCulture, $"{fileName}:{line}");

        void Put(string name, ConfigValue value, int line)
        {
            if (!values.TryAdd(name, value))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{fileName}:{line}: '{name}' is set twice; the first time at {values[name].Source}."));
            }
        }
    }

    private static (string Text, ConfigValueKind Kind) Scalar(TomlParser parser, TomlParseEvent now) => now.Kind switch
    {
        TomlParseEventKind.Integer => (now.GetInt64().ToString(CultureInfo.InvariantCulture), ConfigValueKind.Integer),
        TomlParseEventKind.Float => (now.GetDouble().ToString("R", CultureInfo.InvariantCulture), ConfigValueKind.Number),
        TomlParseEventKind.Boolean => (now.GetBoolean() ? "true" : "false", ConfigValueKind.Flag),
        _ => (parser.GetString(), ConfigValueKind.Text),
    };

    // The document itself is a table without a name.
    private static string Join(List<string> path, string key) => string.Join('.', path.Append(key).Where(part => part.Length > 0));
}
