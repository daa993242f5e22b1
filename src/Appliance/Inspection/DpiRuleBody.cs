
namespace Blackwall.Inspection;

/// <summary>A rule that requests are held against.</summary>
/// <param name="Id">Evidence names it.</param>
/// <param name="Place">method, target, raw-target, header, agent or body.</param>
/// <param name="Match">is, prefix, suffix, contains or regex.</param>
/// <param name="Pattern">What is looked for.</param>
/// <param name="Weight">0..1: how strongly it points to an attack.</param>
/// <param name="Login">Whether it says where logins are posted to; a request that meets it is no attack.</param>
/// <param name="Comment">What the file says of it; null: nothing.</param>
/// <param name="Hits">Requests that met it since the start.</param>
public sealed record DpiRuleBody(string Id, string Place, string Match, string Pattern, double Weight, bool Login, string? Comment, long Hits)
{
    internal static DpiRuleBody From(RequestRule rule, long hits) =>
        new(rule.Id, RequestRuleFile.WordOf(rule.Place), RequestRuleFile.WordOf(rule.Match), rule.Pattern, rule.Weight, rule.IsLogin, rule.Comment, hits);
}
