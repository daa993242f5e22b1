using System.Globalization;
using System.Text.Json;
using Blackwall.Api.Auditing;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Pipeline.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Api.Keys;

/// <summary>/keys: who may do what. Nobody gives or takes more than they have themselves.</summary>
internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/keys").WithTags("keys");
        group.MapGet("", List).WithName("listKeys").Needs(KeyScopes.Read).Produces<KeyList>();
        group.MapPost("", CreateAsync).WithName("createKey").Needs(KeyScopes.Write).Produces<NewKeyBody>(StatusCodes.Status201Created).Refuses(400, 409, 413, 415, 422, 503);
        group.MapGet("/current", Current).WithName("getCurrentKey").Needs(null).Produces<KeyBody>();
        group.MapGet("/{id:long}", Get).WithName("getKey").Needs(KeyScopes.Read).Produces<KeyBody>().Refuses(404);
        group.MapPost("/{id:long}/rotate", RotateAsync).WithName("rotateKey").Needs(KeyScopes.Write).Produces<NewKeyBody>().Refuses(404, 409, 503);
        group.MapDelete("/{id:long}", RemoveAsync).WithName("deleteKey").Needs(KeyScopes.Write).Produces(StatusCodes.Status204NoContent).Produces<PreviewBody>(StatusCodes.Status202Accepted).Refuses(404, 409, 503);
    }

    /// <summary>Lists every key, without secrets.</summary>
    private static Ok<KeyList> List(KeyRing keys) => TypedResults.Ok(new KeyList([.. keys.All.Select(KeyBody.From)]));

    /// <summary>The key of this request: what it may do and how long.</summary>
    private static Ok<KeyBody> Current(HttpContext context) => TypedResults.Ok(KeyBody.From(Caller.For(context).Key));

    /// <summary>One key, without its secret.</summary>
    private static IResult Get(long id, KeyRing keys) => keys.Find(id) is { } key ? TypedResults.Ok(KeyBody.From(key)) : NoSuchKey();

    /// <summary>Makes a key and tells its secret, this once.</summary>
    private static async Task<IResult> CreateAsync(KeyInput input, HttpContext context, KeyRing keys, ScopeRegistry registry, TimeProvider time)
    {
        KeyReader reader = new(registry, time.GetUtcNow());
        (string name, ScopeSet scopes, IReadOnlyList<Prefix> networks) = reader.Read(input);
        if (reader.Errors.Count > 0)
        {
            return Problem.Invalid(reader.Errors);
        }

        if (Beyond(context, scopes, networks, input.Expiry) is { } beyond)
        {
            return beyond;
        }

        KeyOutcome made = await keys.CreateAsync(name, scopes, networks, input.Expiry);
        if (made is not { Key: { } key, Secret: { } secret })
        {
            return Refused(context, made.Refusal!);
        }

        KeyBody body = KeyBody.From(key);
        AuditNote.For(context).After = JsonOf(key);
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/api/v1/keys/{body.Id}"), new NewKeyBody(body, secret));
    }

    /// <summary>Gives a key a new secret; the old one is worth nothing from now on.</summary>
    /// <remarks>The new secret of the admin key is written to admin.key in the state folder as well.</remarks>
    private static async Task<IResult> RotateAsync(long id, HttpContext context, KeyRing keys)
    {
        if (keys.Find(id) is not { } key)
        {
            return NoSuchKey();
        }

        if (Beyond(context, key.Scopes, key.Networks, key.Expiry) is { } beyond)
        {
            return beyond;
        }

        (AuditNote.For(context).Before, AuditNote.For(context).After) = (JsonOf(key), JsonOf(key));
        KeyOutcome outcome = await keys.RotateAsync(id);
        return outcome is { Key: { } rotated, Secret: { } secret }
            ? TypedResults.Ok(new NewKeyBody(KeyBody.From(rotated), secret))
            : outcome.Refusal is { } refusal ? Refused(context, refusal) : NoSuchKey();
    }

    /// <summary>Deletes a key.</summary>
    /// <remarks>Refused (409) for the last one that opens everything: with the scope admin, without an end, from anywhere.</remarks>
    private static async Task<IResult> RemoveAsync(long id, HttpContext context, KeyRing keys)
    {
        if (keys.Find(id) is not { } key)
        {
            return NoSuchKey();
        }

        if (Beyond(context, key.Scopes, key.Networks, key.Expiry) is { } beyond)
        {
            return beyond;
        }

        AuditNote.For(context).Before = JsonOf(key);
        KeyOutcome outcome = await keys.RemoveAsync(id);
        return outcome.Key is not null ? TypedResults.NoContent() : outcome.Refusal is { } refusal ? Refused(context, refusal) : NoSuchKey();
    }

    private static string JsonOf(ApiKey key) => JsonSerializer.Serialize(KeyBody.From(key), ApiJson.Default.KeyBody);

    /// <summary>Null: the caller may do all of this itself, from all of these networks and for as long.</summary>
    private static Problem? Beyond(HttpContext context, ScopeSet scopes, IReadOnlyList<Prefix> networks, DateTimeOffset? expiry)
    {
        ApiKey own = Caller.For(context).Key;
        Dictionary<string, string[]> errors = new(StringComparer.Ordinal);
        if (!own.Scopes.Allows(scopes))
        {
            errors["scope"] = [.. own.Scopes.Missing(scopes).Words];
        }

        if (own.Networks.Count > 0 && (networks.Count == 0 || networks.Any(network => !own.Networks.Any(around => around.Contains(network)))))
        {
            errors["networks"] = [$"Within {string.Join(", ", own.Networks)}, as the key '{own.Name}'."];
        }

        if (own.Expiry is { } end && (expiry is null || expiry > end))
        {
            errors["expiry"] = [string.Create(CultureInfo.InvariantCulture, $"At {end:yyyy-MM-dd'T'HH:mm:ss'Z'} at the latest, as the key '{own.Name}'.")];
        }

        return errors.Count == 0
            ? null
            : new Problem(
                StatusCodes.Status403Forbidden,
                $"The key '{own.Name}' cannot give or take {(errors.ContainsKey("scope") ? "scopes that it has not" : "more than it has itself: its networks and its end bound those that it makes")}.",
                errors);
    }

    private static Problem NoSuchKey() => Problem.Create(StatusCodes.Status404NotFound, "There is no key of this id.");

    private static Problem Refused(HttpContext context, KeyRefusal refusal)
    {
        if (refusal.Unable)
        {
            context.Response.Headers.RetryAfter = "10";
        }

        return Problem.Create(refusal.Unable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict, refusal.Sentence);
    }
}
