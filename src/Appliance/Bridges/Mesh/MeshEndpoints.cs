using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Sharing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Mesh;

/// <summary>/mesh: this sensor among others, what they say, and what they are worth.</summary>
internal static class MeshEndpoints
{
    private const int MostIndicators = 1000;

    public static void MapMesh(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/mesh").WithTags("mesh");
        group.MapGet("", Read).WithName("readMesh").Needs(MeshScopes.Read).Produces<MeshBody>();
        group.MapGet("/peers", Peers).WithName("listMeshPeers").Needs(MeshScopes.Read).Produces<MeshPeerList>();
        group.MapPut("/peers/{id}/ban", BanAsync).WithName("banMeshPeer").Needs(MeshScopes.Write).Produces(StatusCodes.Status204NoContent).Refuses(409, 422);
        group.MapDelete("/peers/{id}/ban", UnbanAsync).WithName("unbanMeshPeer").Needs(MeshScopes.Write).Produces(StatusCodes.Status204NoContent).Refuses(409, 422);
        group.MapGet("/reports", Reports).WithName("listMeshReports").Needs(MeshScopes.Read).Produces<MeshReportList>().Refuses(422);
        group.MapGet("/indicators", Indicators).WithName("listMeshIndicators").Needs(MeshScopes.Read).Produces<MeshIndicatorList>().Refuses(422);
        group.MapGet("/indicators/{kind}/{value}", Indicator).WithName("readMeshIndicator").Needs(MeshScopes.Read).Produces<MeshIndicatorBody>().Refuses(404, 409, 422);
        group.MapPut("/indicators/{kind}/{value}/refutation", Refute).WithName("refuteMeshIndicator").Needs(MeshScopes.Write).Produces(StatusCodes.Status204NoContent).Refuses(404, 409, 422);
    }

    /// <summary>This sensor in the mesh: who it is, who hears it, and what became of messages.</summary>
    private static MeshBody Read(MeshLink link, IOptions<MeshOptions> options)
    {
        MeshNode? node = link.Node;
        return new MeshBody(
            Words.Kebab($"{options.Value.Mode}"),
            options.Value.Name,
            node is not null,
            node is null ? null : $"{node.Id}",
            node is null ? [] : [.. node.Addresses.Select(address => $"{address.WithPeer(node.Id)}")],
            node?.Connected ?? 0,
            node?.Listeners ?? 0,
            node?.Waiting ?? 0,
            node?.IsProven ?? false,
            node is null ? [] : [.. node.Topics.Select(topic => new MeshTopicBody(topic.Topic, topic.Peers))],
            link.Read(),
            link.Fault);
    }

    /// <summary>Everybody who reported something or is connected, the best reputation first.</summary>
    private static MeshPeerList Peers(MeshLink link) => new(link.Node is { } node ? [.. node.Peers().Select(MeshPeerBody.From)] : []);

    /// <summary>Ends hearing a peer: its votes count no longer, and no connection with it is kept.</summary>
    private static Task<IResult> BanAsync(string id, HttpContext context, MeshLink link, DecisionDesk desk) => SetBanAsync(id, banned: true, context, link, desk);

    /// <summary>Hears a peer again.</summary>
    private static Task<IResult> UnbanAsync(string id, HttpContext context, MeshLink link, DecisionDesk desk) => SetBanAsync(id, banned: false, context, link, desk);

    private static async Task<IResult> SetBanAsync(string id, bool banned, HttpContext context, MeshLink link, DecisionDesk desk)
    {
        if (!PeerId.TryParse(id, out PeerId? peer))
        {
            return Wrong("id", "It is not a peer id: 12D3KooW...");
        }

        if (link.Node is not { } node)
        {
            return Off();
        }

        if (banned && peer == node.Id)
        {
            return Wrong("id", "It is this sensor itself.");
        }

        await node.BanAsync(peer, banned);
        desk.Log(context, banned ? "banned" : "unbanned", $"the mesh peer {peer}");
        return TypedResults.NoContent();
    }

    /// <summary>What this sensor says to others, and how many peers were given it, the newest first.</summary>
    /// <param name="link">The mesh.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    private static IResult Reports(MeshLink link, [FromQuery] string? limit)
    {
        DecisionReader reader = new();
        int most = reader.Number("limit", limit, 100, 1, MostIndicators);
        return reader.Failed
            ? Problem.Invalid(reader.Errors)
            : TypedResults.Ok(new MeshReportList(link.Node is { } node ? [.. node.Own(most).Select(MeshReportBody.From)] : []));
    }

    /// <summary>Indicators that sensors speak of, those that are acted on first.</summary>
    /// <param name="link">The mesh.</param>
    /// <param name="limit">1..1000; 100 without it.</param>
    private static IResult Indicators(MeshLink link, [FromQuery] string? limit)
    {
        DecisionReader reader = new();
        int most = reader.Number("limit", limit, 100, 1, MostIndicators);
        return reader.Failed
            ? Problem.Invalid(reader.Errors)
            : TypedResults.Ok(new MeshIndicatorList(link.Node is { } node ? [.. node.Targets(most).Select(MeshIndicatorBody.From)] : []));
    }

    /// <summary>One indicator, with every vote and why it is acted on as it is.</summary>
    /// <param name="kind">What the value is.</param>
    /// <param name="value">The value; a URL or a prefix with its slashes escaped.</param>
    /// <param name="link">The mesh.</param>
    private static IResult Indicator([Word(MeshFeature.KindWords)] string kind, string value, MeshLink link)
    {
        if (!TryValue(kind, value, out IndicatorValue named, out Problem? problem))
        {
            return problem!;
        }

        if (link.Node is not { } node)
        {
            return Off();
        }

        return node.Find(named) is { } target ? TypedResults.Ok(MeshIndicatorBody.From(target)) : Problem.Create(StatusCodes.Status404NotFound, "No sensor speaks of it.");
    }

    /// <summary>Says to all that what sensors speak of is no attacker: it is not acted on here for 7 days, and whoever reported it loses reputation.</summary>
    /// <param name="kind">What the value is.</param>
    /// <param name="value">The value; a URL or a prefix with its slashes escaped.</param>
    /// <param name="context">The request.</param>
    /// <param name="link">The mesh.</param>
    /// <param name="claims">What the mesh asks for on the board.</param>
    /// <param name="desk">The desk.</param>
    private static IResult Refute([Word(MeshFeature.KindWords)] string kind, string value, HttpContext context, MeshLink link, MeshClaims claims, DecisionDesk desk)
    {
        if (!TryValue(kind, value, out IndicatorValue named, out Problem? problem))
        {
            return problem!;
        }

        if (link.Node is not { } node)
        {
            return Off();
        }

        if (!node.IsKnown(named) && !claims.Stands(named))
        {
            return Problem.Create(StatusCodes.Status404NotFound, "No sensor speaks of it, so there is nothing to refute and nobody was told. An allow rule keeps an address reachable whatever is reported.");
        }

        try
        {
            node.Refute(named);
        }
        catch (MeshException exception)
        {
            return Problem.Create(StatusCodes.Status409Conflict, $"Nothing was refuted, for it cannot be kept: {exception.Message}");
        }

        claims.Lift(named);
        desk.Log(context, "refuted", $"the mesh indicator {named.Text}");
        return TypedResults.NoContent();
    }

    private static bool TryValue(string kind, string value, out IndicatorValue named, out Problem? problem)
    {
        named = default;
        problem = null;
        if (!MeshFeature.Kinds.TryGetValue(kind, out IndicatorKind known))
        {
            problem = Wrong("kind", Words.NotOneOf(kind, MeshFeature.Kinds.Keys));
            return false;
        }

        if (!IndicatorValue.TryParse(known, Uri.UnescapeDataString(value), out named))
        {
            problem = Wrong("value", $"It is not the canonical form of the kind {kind}.");
            return false;
        }

        return true;
    }

    private static Problem Wrong(string field, string sentence) => Problem.Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] });

    private static Problem Off() => Problem.Create(StatusCodes.Status409Conflict, "The mesh does not run: mesh.mode is off, or it could not start (see health).");
}
