using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Intel.Stix;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel.Taxii;

/// <summary>/taxii2/: a TAXII 2.1 server. Its documents are those of the standard, so the API's own description leaves them out.</summary>
internal static class TaxiiEndpoints
{
    /// <summary>Most bytes of an envelope.</summary>
    public const int MaxContentLength = 10 * 1024 * 1024;

    private const string Root = "/taxii2/api/";
    private static readonly string[] Read = ["GET", "HEAD"];
    private static readonly TaxiiFailure Failure = new();

    /// <summary>The methods that each path knows, to tell a wrong method from a wrong path.</summary>
    private static readonly (string Path, string Methods)[] Paths =
    [
        ("", "GET"), ("api", "GET"), ("api/collections", "GET"), ("api/collections/*", "GET"), ("api/collections/*/manifest", "GET"), ("api/status/*", "GET"),
        ("api/collections/*/objects", "GET, POST"), ("api/collections/*/objects/*", "GET, DELETE"), ("api/collections/*/objects/*/versions", "GET"),
    ];

    public static void MapTaxii(this IEndpointRouteBuilder root)
    {
        RouteGroupBuilder group = root.MapGroup("/taxii2").ExcludeFromDescription();
        group.WithMetadata(KeyCarrier.Basic, Failure, new AnyQuery());
        group.AddEndpointFilter(NegotiateAsync);
        Licensed read = new(LicensedFeature.TaxiiRead);
        Licensed write = new(LicensedFeature.TaxiiWrite);
        group.MapMethods("/", Read, Discover).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/", Read, DescribeRoot).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/collections/", Read, (Delegate)ListCollections).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/collections/{collection}/", Read, DescribeCollection).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/collections/{collection}/objects/", Read, ListObjects).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapPost("/api/collections/{collection}/objects/", TaxiiWriting.AddAsync).Needs(IntelScopes.Write).WithMetadata(write, new BodyLimit(MaxContentLength));
        group.MapMethods("/api/collections/{collection}/manifest/", Read, ListManifest).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/collections/{collection}/objects/{id}/", Read, GetObject).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapDelete("/api/collections/{collection}/objects/{id}/", TaxiiWriting.DeleteAsync).Needs(IntelScopes.Write).WithMetadata(write);
        group.MapMethods("/api/collections/{collection}/objects/{id}/versions/", Read, ListVersions).Needs(IntelScopes.Read).WithMetadata(read);
        group.MapMethods("/api/status/{id}/", Read, GetStatus).Needs(IntelScopes.Read).WithMetadata(read);
        group.Map("/{**rest}", (Delegate)Elsewhere).Needs(null);
    }

    /// <summary>An answer in the media type of TAXII.</summary>
    internal static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> content)
    {
        context.Response.ContentType = TaxiiMedia.Type;
        ArrayBufferWriter<byte> buffer = new();
        await using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    internal static Task RefuseAsync(HttpContext context, int status, string detail) => Problem.Create(status, detail).ExecuteAsync(context);

    internal static Task NoCollectionAsync(HttpContext context) => RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such collection.");

    private static async ValueTask<object?> NegotiateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!TaxiiMedia.IsAccepted(context.HttpContext.Request))
        {
            return Problem.Create(StatusCodes.Status406NotAcceptable, $"This server answers with {TaxiiMedia.Type}.");
        }

        try
        {
            return await next(context);
        }
        catch (StoreException failure)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The store cannot be used now: {failure.Message}");
        }
    }

    private static Task Discover(HttpContext context, IOptions<IntelOptions> options) => WriteAsync(context, json =>
    {
        string place = options.Value.PublicUrl.Length > 0 ? options.Value.PublicUrl : $"{context.Request.Scheme}://{context.Request.Host}";
        json.WriteString("title", options.Value.Name);
        json.WriteString("description", "Intelligence of a Blackwall appliance.");
        json.WriteString("default", place + Root);
        StixJson.List(json, "api_roots", place + Root);
    });

    private static Task DescribeRoot(HttpContext context, IOptions<IntelOptions> options) => WriteAsync(context, json =>
    {
        json.WriteString("title", options.Value.Name);
        StixJson.List(json, "versions", TaxiiMedia.Type);
        json.WriteNumber("max_content_length", MaxContentLength);
    });

    private static Task ListCollections(HttpContext context) => WriteAsync(context, json =>
    {
        json.WriteStartArray("collections");
        foreach (Collection collection in Collection.All)
        {
            json.WriteStartObject();
            Describe(context, json, collection);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static Task DescribeCollection(string collection, HttpContext context) =>
        Collection.Find(collection) is { } found ? WriteAsync(context, json => Describe(context, json, found)) : NoCollectionAsync(context);

    private static void Describe(HttpContext context, Utf8JsonWriter json, Collection collection)
    {
        json.WriteString("id", collection.Id.ToString("D"));
        json.WriteString("title", collection.Title);
        json.WriteString("description", collection.Description);
        json.WriteString("alias", collection.Alias);
        json.WriteBoolean("can_read", true);
        json.WriteBoolean("can_write", collection.CanWrite && Caller.For(context).Key.Scopes.Allows(IntelScopes.Write));
        StixJson.List(json, "media_types", "application/stix+json;version=2.1");
    }

    private static Task ListObjects(string collection, HttpContext context, StixObjectStore store) =>
        PageAsync(collection, null, context, store, withBody: true, TaxiiPage.WriteObjectsAsync);

    private static Task ListManifest(string collection, HttpContext context, StixObjectStore store) =>
        PageAsync(collection, null, context, store, withBody: false, TaxiiPage.WriteManifestAsync);

    private static Task GetObject(string collection, string id, HttpContext context, StixObjectStore store) =>
        PageAsync(collection, id, context, store, withBody: true, TaxiiPage.WriteObjectsAsync);

    private static Task ListVersions(string collection, string id, HttpContext context, StixObjectStore store) =>
        PageAsync(collection, id, context, store, withBody: false, TaxiiPage.WriteVersionsAsync, allVersions: true);

    private static Task PageAsync(
        string name, string? id, HttpContext context, StixObjectStore store, bool withBody, Func<HttpContext, IReadOnlyList<StoredObject>, int, Task> write, bool allVersions = false)
    {
        if (Collection.Find(name) is not { } collection)
        {
            return NoCollectionAsync(context);
        }

        if (TaxiiQuery.Read(context.Request.Query, PageLimit.Of(context), out ObjectFilter filter) is { } wrong)
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, wrong);
        }

        if (id is not null)
        {
            if (!StixId.TryParse(id, out string type, out Guid uuid) || !store.Has(collection, type, uuid))
            {
                return RefuseAsync(context, StatusCodes.Status404NotFound, "The collection has no such object.");
            }

            filter = filter with { Ids = [(type, uuid)], Types = null, AllVersions = allVersions || filter.AllVersions };
        }

        return write(context, store.List(collection, filter, withBody), filter.Limit);
    }

    private static async Task GetStatus(string id, HttpContext context, StixObjectStore store)
    {
        if (!Guid.TryParseExact(id, "D", out Guid known) || store.Status(known) is not { } body)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such status, or it is too old.");
            return;
        }

        context.Response.ContentType = TaxiiMedia.Type;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static Task Elsewhere(HttpContext context)
    {
        string[] parts = (context.Request.Path.Value ?? "").Trim('/').Split('/')[1..];
        foreach ((string path, string methods) in Paths)
        {
            string[] known = path.Length == 0 ? [] : path.Split('/');
            if (known.Length == parts.Length && known.Zip(parts).All(pair => pair.First is "*" || string.Equals(pair.First, pair.Second, StringComparison.Ordinal)))
            {
                context.Response.Headers.Allow = methods;
                return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, string.Create(CultureInfo.InvariantCulture, $"This path knows {methods}, not {context.Request.Method}."));
            }
        }

        return RefuseAsync(context, StatusCodes.Status404NotFound, "There is nothing at this path.");
    }
}
