using System.Text.Json;
using Blackwall.Api.Problems;
using Blackwall.Config;
using Blackwall.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Api.Settings;

/// <summary>/config: what the appliance was told, by whom.</summary>
internal static class ConfigEndpoints
{
    public static void MapConfig(this IEndpointRouteBuilder api)
    {
        api.MapGet("/config", Read).WithName("readConfig").Needs(ConfigScopes.Read).WithTags("config").Produces<ConfigBody>();
        api.MapPost("/config/reload", Reload).WithName("reloadConfig").Needs(ConfigScopes.Write).WithTags("config").Produces<ReloadBody>().Refuses(409);
    }

    /// <summary>Reads the configuration again and takes up what can change while the appliance runs; one with an error changes nothing.</summary>
    private static IResult Reload(SettingsReload reload) => reload.Reload(out IReadOnlyList<string> errors) is { } result
        ? TypedResults.Ok(new ReloadBody(result.Changed, result.Waiting, result.Errors))
        : Problem.Create(StatusCodes.Status409Conflict, string.Join(" ", errors));

    /// <summary>Every setting as it is in force, and where it was set; secrets are masked.</summary>
    private static Ok<ConfigBody> Read(ApplianceConfig config, IWall wall) =>
        TypedResults.Ok(new ConfigBody([.. config.Settings().Select(setting => InForce(setting, wall)).Select(setting => new SettingBody(setting.Name, Json(setting.Value), setting.Source))]));

    /// <summary>A change that was tried or confirmed over the API overrides the configured mode, except off: that needs a restart.</summary>
    private static ConfigSetting InForce(ConfigSetting setting, IWall wall)
    {
        string mode = wall.Status.Mode.ToString().ToLowerInvariant();
        return setting is { Name: "network.mode", Value: not "off" } && !string.Equals(setting.Value as string, mode, StringComparison.OrdinalIgnoreCase)
            ? setting with { Value = mode, Source = "a change over the API" }
            : setting;
    }

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
