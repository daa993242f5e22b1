using Blackwall.Api.Settings;
using Blackwall.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Blackwall.Inspection;

/// <summary>/dpi: what requests are held against.</summary>
internal static class InspectionEndpoints
{
    public static void MapInspection(this IEndpointRouteBuilder api) =>
        api.MapGet("/dpi/rules", Rules).WithName("listDpiRules").Needs(ConfigScopes.Read).WithTags("dpi").Produces<DpiRuleList>();

    /// <summary>Lists the rules that HTTP requests are held against, and how many met each.</summary>
    /// <remarks>They are changed in the file that dpi.rules_file names.</remarks>
    private static Ok<DpiRuleList> Rules(IOptions<InspectionOptions> options, IServiceProvider services)
    {
        // Without a wall nothing is inspected.
        IReadOnlyList<(RequestRule Rule, long Hits)> rules = services.GetService<InspectionStage>()?.Rules ?? [.. options.Value.Rules.Select(rule => (rule, 0L))];
        return TypedResults.Ok(new DpiRuleList(options.Value.RulesFile, [.. rules.Select(pair => DpiRuleBody.From(pair.Rule, pair.Hits))]));
    }
}
