using System.Globalization;
using System.Text.Unicode;
using Blackwall.Pipeline.Indicators;
using Blackwall.Api.Keys;
using Blackwall.Intel.Stix;
using Microsoft.Extensions.Options;

namespace Blackwall.Intel.Taxii;

/// <summary>What clients add to a collection, and delete from it.</summary>
internal static class TaxiiWriting
{
    /// <summary>Answers that are kept for who asks what became of what was added.</summary>
    private const int MaxStatuses = 1000;

    /// <summary>How far the clock of who adds may be ahead of ours.</summary>
    private static readonly TimeSpan AheadOfTime = TimeSpan.FromDays(1);

    /// <summary>Adds objects (TAXII 2.1 section 5.5): they are stored, and their claims made, before the answer.</summary>
    public static async Task AddAsync(string collection, HttpContext context, IntelBook book, StixObjectStore store, PartnerClaims claims, IOptions<IntelOptions> options, TimeProvider time)
    {
        if (!TryFind(collection, context, out Collection? found, out Task? refusal))
        {
            await refusal!;
            return;
        }

        if (!TaxiiMedia.IsSent(context.Request))
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Send the envelope with Content-Type: {TaxiiMedia.Type}.");
            return;
        }

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // What is kept is served byte for byte: a page with bytes that are no text is no page.
        if (!Utf8.IsValid(body.GetBuffer().AsSpan(0, (int)body.Length)))
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, "The body is not UTF-8.");
            return;
        }

        if (EnvelopeReader.Read(body.GetBuffer().AsMemory(0, (int)body.Length), out string? wrong, out bool isSyntax) is not { } objects)
        {
            await TaxiiEndpoints.RefuseAsync(context, isSyntax ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity, wrong!);
            return;
        }

        Guid id = Guid.NewGuid();
        DateTimeOffset now = time.GetUtcNow();
        Caller caller = Caller.For(context);
        string key = caller.Name;
        objects = [.. objects.Select(added => Admit(added, found!, store, caller, now))];
        bool isFull = false;
        Dictionary<string, StoredObject> latest = Latest(store, found!, objects);
        await book.EditAsync(writer =>
        {
            long bytes = objects.Sum(added => (long)(added.Object?.Body.Length ?? 0));
            isFull = writer.BytesOf(found!, key) + bytes > options.Value.PartnerMegabytes * 1_048_576L;
            foreach (AddedObject added in isFull ? [] : objects.Where(one => one.Object is not null))
            {
                writer.Put(found!, added.Object!, key);
            }

            return true;
        });
        if (isFull)
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The objects of this key would take up more than {options.Value.PartnerMegabytes} MiB (intel.partner_megabytes); nothing was added."));
            return;
        }

        foreach (AddedObject added in objects)
        {
            if (added is not { Indicator: { } indicator, Object: { } version })
            {
                added.Message ??= added.Object is { Type: "indicator" } ? "Kept, and not acted on: its pattern is more, or something else, than a list of addresses." : null;
                continue;
            }

            bool hasLatest = latest.TryGetValue(indicator.Id, out StoredObject known);
            if (hasLatest && StixTime.TryParse(known.Version, out long modified) && modified > version.Modified)
            {
                added.Message = $"Kept, and not acted on: version {known.Version} is newer.";
                continue;
            }

            added.Message = claims.Apply(indicator, hasLatest ? IndicatorOf(known) : null, key);
            latest[indicator.Id] = new StoredObject(0, version.Type, version.Id, version.Version, version.Body);
        }

        byte[] status = StatusResource.Write(id, now, objects);
        await book.EditAsync(writer =>
        {
            writer.PutStatus(id, found!, status, MaxStatuses);
            return true;
        });
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = TaxiiMedia.Type;
        await context.Response.BodyWriter.WriteAsync(status, context.RequestAborted);
    }

    /// <summary>Deletes an object (section 5.7): all its versions, unless match[version] names some. What the caller claimed because of it is taken back with it; an administrator takes back what anybody claimed.</summary>
    public static async Task DeleteAsync(string collection, string id, HttpContext context, IntelBook book, StixObjectStore store, PartnerClaims claims)
    {
        if (!TryFind(collection, context, out Collection? found, out Task? refusal))
        {
            await refusal!;
            return;
        }

        bool isAll = !context.Request.Query.ContainsKey("match[version]");
        if (TaxiiQuery.Read(context.Request.Query, 1000, out ObjectFilter filter) is { } wrong)
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, wrong);
            return;
        }

        if (!StixId.TryParse(id, out string type, out Guid uuid) || !store.Has(found!, type, uuid))
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status404NotFound, "The collection has no such object.");
            return;
        }

        Caller caller = Caller.For(context);
        if (!caller.Key.Scopes.IsAdmin && !string.Equals(store.OwnerOf(found!, type, uuid), caller.Name, StringComparison.Ordinal))
        {
            await TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status403Forbidden, "Another key has added this object, and it alone, or an administrator, can delete it.");
            return;
        }

        ObjectFilter object1 = filter with { Ids = [(type, uuid)], Types = null, Limit = 1000, After = long.MinValue };
        IReadOnlyList<StoredObject> going = store.List(found!, isAll ? object1 with { AllVersions = true } : object1);
        await book.EditAsync(writer => writer.Delete(found!, type, uuid, isAll ? null : [.. going.Select(one => StixTime.TryParse(one.Version, out long version) ? version : 0)]));
        if (!store.Has(found!, type, uuid))
        {
            // Whichever version a claim was made of.
            foreach (PartnerIndicator indicator in going.Select(IndicatorOf).OfType<PartnerIndicator>())
            {
                claims.Delete(indicator, caller.Name, caller.Key.Scopes.IsAdmin);
            }
        }

        context.Response.ContentType = TaxiiMedia.Type;
        context.Response.Headers.ContentLength = 0;
    }

    // An object belongs to the key that added it first: nobody else speaks in its name, or puts a version before it that nothing can follow.
    private static AddedObject Admit(AddedObject added, Collection collection, StixObjectStore store, Caller caller, DateTimeOffset now)
    {
        if (added.Object is not { } version)
        {
            return added;
        }

        return version.Modified > StixTime.ToMicros(now + AheadOfTime) ? added with { Object = null, Indicator = null, Wrong = "Its version lies in the future." }
            : store.OwnerOf(collection, version.Type, version.Id) is { } owner && !string.Equals(owner, caller.Name, StringComparison.Ordinal) && !caller.Key.Scopes.IsAdmin
                ? added with { Object = null, Indicator = null, Wrong = "Another key has added this object, and alone adds versions of it." }
            : added;
    }

    private static Dictionary<string, StoredObject> Latest(StixObjectStore store, Collection collection, IReadOnlyList<AddedObject> objects)
    {
        Dictionary<string, StoredObject> latest = new(StringComparer.Ordinal);
        foreach (AddedObject added in objects)
        {
            if (added is { Indicator: not null, Object: { } version })
            {
                ObjectFilter filter = new() { Ids = [(version.Type, version.Id)], Limit = 1, After = long.MinValue };
                if (store.List(collection, filter) is [{ } found, ..])
                {
                    latest[added.Id] = found;
                }
            }
        }

        return latest;
    }

    private static PartnerIndicator? IndicatorOf(StoredObject stored) => EnvelopeReader.Read(Envelope(stored.Body), out _, out _) is [{ Indicator: { } indicator }] ? indicator : null;

    private static byte[] Envelope(ReadOnlyMemory<byte> body) => [.. "{\"objects\":["u8, .. body.Span, .. "]}"u8];

    private static bool TryFind(string name, HttpContext context, out Collection? found, out Task? refusal)
    {
        found = Collection.Find(name);
        refusal = found is null ? TaxiiEndpoints.NoCollectionAsync(context)
            : !found.CanWrite ? TaxiiEndpoints.RefuseAsync(context, StatusCodes.Status403Forbidden, string.Create(CultureInfo.InvariantCulture, $"Nothing can be added to or deleted from '{found.Alias}' by clients."))
            : null;
        return refusal is null;
    }
}
