using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Connection;

/// <summary>Options of a list that are parameters of the API: --limit and --cursor, and those that the list has of its own.</summary>
internal sealed class ListOptions
{
    private readonly Option<int?> _limit = Opt.Number("--limit", "N", "at most so many, 1 to 1000 (100)");
    private readonly Option<string?> _cursor = Opt.Text("--cursor", "C", "go on where the list before ended");
    private readonly (Option<string?> Option, string Parameter)[] _own;

    /// <param name="command">The verb.</param>
    /// <param name="own">Each is the parameter of the same name.</param>
    public ListOptions(Command command, params Option<string?>[] own)
    {
        _own = [.. own.Append(_cursor).Select(option => (option, option.Name[2..]))];
        foreach (Option option in own.Cast<Option>().Append(_limit).Append(_cursor))
        {
            command.Options.Add(option);
        }
    }

    /// <summary>"limit=5&amp;cursor=7", without the question mark; empty: all.</summary>
    public string Query(ParseResult line) => string.Join('&', _own
        .Select(own => (Name: own.Parameter, Value: line.GetValue(own.Option)))
        .Append((Name: "limit", Value: line.GetValue(_limit)?.ToString(CultureInfo.InvariantCulture)))
        .Where(parameter => parameter.Value is not null)
        .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
}
