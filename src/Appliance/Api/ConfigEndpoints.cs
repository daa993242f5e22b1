using System.Text.Json;
using Blackwall.Api.Contracts;
using Blackwall.Api.Keys;
using Blackwall.Config;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Api;

/// <summary>/config: what the appliance was told, by whom.</summary>
internal static class ConfigEndpoints
{
    public static void MapConfig(this IEndpointRouteBuilder api) =>
        api.MapGet("/config", Read).WithName("readConfig").Needs(Scopes.ConfigRead).WithTags("config").Produces<ConfigBody>();

    /// <summary>Every setting as it is in force, and where it was set; secrets are masked.</summary>
    private static Ok<ConfigBody> Read(ApplianceConfig config) =>
        TypedResults.Ok(new ConfigBody([.. config.Settings().Select(setting => new SettingBody(setting.Name, Json(setting.Value), setting.Source))]));

    private static JsonElement? Json(object? value) => value switch
    {
        null => null,
        long number => JsonSerializer.SerializeToElement(number, ApiJson.Default.Int64),
        double number => JsonSerializer.SerializeToElement(number, ApiJson.Default.Double),
        bool flag => JsonSerializer.SerializeToElement(flag, ApiJson.Default.Boolean),
        string text => JsonSerializer.SerializeToElement(text, ApiJson.Default.String),
        IReadOnlyList<string> list => JsonSerializer.SerializeToElement(list, ApiJson.Default.IReadOnlyListString),
        _ => throw new InvalidOperationException($"A setting cannot be a {value.GetType()}."),
    };
}
