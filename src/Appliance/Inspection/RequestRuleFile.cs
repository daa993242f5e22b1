using System.Globalization;
using System.Text.RegularExpressions;

namespace Blackwall.Inspection;

/// <summary>
/// Reads rules: one a line, "id place match weight pattern" with blanks between (in place of the weight "login", for what login forms are posted to), the pattern being the rest of the line, in quotes where it
/// begins or ends with a blank. '#' begins a comment line; those right before a rule are its comment. Pure.
/// </summary>
public static partial class RequestRuleFile
{
    /// <summary>Rules at most.</summary>
    public const int MaxRules = 2000;

    private const int MaxErrors = 100;
    private const int MaxPattern = 256;
    private const int Fields = 5;
    private const string Login = "login";

    private static readonly Dictionary<string, RulePlace> s_places = new(StringComparer.Ordinal)
    {
        ["method"] = RulePlace.Method, ["target"] = RulePlace.Target, ["raw-target"] = RulePlace.RawTarget,
        ["header"] = RulePlace.Header, ["agent"] = RulePlace.Agent, ["body"] = RulePlace.Body,
    };

    private static readonly Dictionary<string, RuleMatch> s_matches = new(StringComparer.Ordinal)
    {
        ["is"] = RuleMatch.Is, ["prefix"] = RuleMatch.Prefix, ["suffix"] = RuleMatch.Suffix, ["contains"] = RuleMatch.Contains, ["regex"] = RuleMatch.Regex,
    };

    /// <summary>The rules, or what is wrong: "NAME:12: sentence".</summary>
    public static (IReadOnlyList<RequestRule> Rules, IReadOnlyList<string> Errors) Parse(ReadOnlySpan<char> text, string name)
    {
        List<RequestRule> rules = [];
        List<string> errors = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        List<string> comment = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty)
            {
                comment.Clear();
            }
            else if (line[0] == '#')
            {
                comment.Add(line.TrimStart("# ").ToString());
            }
            else
            {
                RequestRule? rule = Read(line, comment.Count == 0 ? null : string.Join(' ', comment), out string error);
                comment.Clear();
                if (rule is { Id: var id } && !ids.Add(id))
                {
                    (rule, error) = (null, $"there is a rule '{id}' already");
                }

                if (rule is null)
                {
                    errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name}:{number}: {error}."));
                }
                else
                {
                    rules.Add(rule);
                }
            }

            if (rules.Count > MaxRules)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name}:{number}: more than {MaxRules} rules."));
            }

            if (errors.Count >= MaxErrors || rules.Count > MaxRules)
            {
                break;
            }
        }

        return (rules, errors);
    }

    /// <summary>The word of a place in files and API.</summary>
    public static string WordOf(RulePlace place) => s_places.First(pair => pair.Value == place).Key;

    /// <summary>The word of a comparison in files and API.</summary>
    public static string WordOf(RuleMatch match) => s_matches.First(pair => pair.Value == match).Key;

    private static RequestRule? Read(ReadOnlySpan<char> line, string? comment, out string error)
    {
        string[] fields = line.ToString().Split((char[]?)null, Fields, StringSplitOptions.RemoveEmptyEntries);
        error = "";
        if (fields.Length < Fields)
        {
            error = "a rule is 'id place match weight pattern'";
        }
        else if (!Id().IsMatch(fields[0]))
        {
            error = "the id is 1..40 of a-z, 0-9, '.' and '-'";
        }
        else if (!s_places.ContainsKey(fields[1]))
        {
            error = $"'{fields[1]}' is not a place: one of {string.Join(", ", s_places.Keys)}";
        }
        else if (!s_matches.ContainsKey(fields[2]))
        {
            error = $"'{fields[2]}' is not a way to match: one of {string.Join(", ", s_matches.Keys)}";
        }
        else if (!TryWeight(fields[3], out double weight))
        {
            error = $"the weight is a number within 0..1 or '{Login}', not '{fields[3]}'";
        }
        else
        {
            string pattern = fields[4].Length > 1 && fields[4][0] == '"' && fields[4][^1] == '"' ? fields[4][1..^1] : fields[4];
            bool isLogin = string.Equals(fields[3], Login, StringComparison.Ordinal);
            return Make(new RequestRule(fields[0], s_places[fields[1]], s_matches[fields[2]], pattern, weight, comment) { IsLogin = isLogin }, out error);
        }

        return null;
    }

    private static bool TryWeight(string field, out double weight)
    {
        weight = 0;
        return string.Equals(field, Login, StringComparison.Ordinal)
            || (double.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight) && weight <= 1);
    }

    private static RequestRule? Make(RequestRule rule, out string error)
    {
        error = "";
        if (rule.Pattern.Length is 0 or > MaxPattern)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"the pattern has 1..{MaxPattern} characters");
            return null;
        }

        if (rule.Match != RuleMatch.Regex)
        {
#pragma warning disable CA1308 // Requests are compared in lower case.
            return rule with { Pattern = rule.Pattern.ToLowerInvariant() };
#pragma warning restore CA1308
        }

        try
        {
            const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.Singleline;
            Regex expression = new(rule.Pattern, options, TimeSpan.FromSeconds(1));
            if (expression.IsMatch(""))
            {
                error = "the expression matches everything";
                return null;
            }

            return rule with { Expression = expression };
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            error = $"the expression is not understood: {failure.Message.TrimEnd('.')}";
            return null;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9.-]{1,40}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
