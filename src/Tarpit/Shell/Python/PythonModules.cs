using System.Collections.Frozen;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Python.Modules;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>import: the library of the release, packages of the server, and files of the visitor.</summary>
internal static class PythonModules
{
    private const string LibraryNames = "abc argparse array ast asyncio atexit base64 binascii bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imghdr importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder multiprocessing netrc nis nntplib numbers operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib sndhdr socket socketserver spwd sqlite3 ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit token tokenize tomllib trace traceback tracemalloc tty types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo";
    private const string PackageNames = "apt attr blinker certifi cffi chardet click colorama configobj cryptography dbus debconf distro httplib2 hyperlink idna incremental jinja2 jsonpatch jsonschema jwt launchpadlib markupsafe netifaces oauthlib OpenSSL pexpect pkg_resources ptyprocess pyasn1 pygments pyparsing requests rich serial service_identity setuptools six systemd twisted urllib3 yaml zope __future__";

    private static readonly FrozenSet<string> s_library = FrozenSet.ToFrozenSet(LibraryNames.Split(' '), StringComparer.Ordinal), s_packages = FrozenSet.ToFrozenSet(PackageNames.Split(' '), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Action<PythonMachine, PythonModule>> s_made = new Dictionary<string, Action<PythonMachine, PythonModule>>(StringComparer.Ordinal)
    {
        ["os"] = OsModule.Fill,
        ["posix"] = OsModule.Fill,
        ["os.path"] = PathModule.Fill,
        ["posixpath"] = PathModule.Fill,
        ["pathlib"] = PathModule.FillPathlib,
        ["sys"] = SysModule.Fill,
        ["platform"] = SysModule.FillPlatform,
        ["getpass"] = SysModule.FillGetpass,
        ["pwd"] = SysModule.FillUsers,
        ["signal"] = SysModule.FillSignal,
        ["subprocess"] = SubprocessModule.Fill,
        ["pty"] = SubprocessModule.FillPty,
        ["socket"] = SocketModule.Fill,
        ["urllib"] = (machine, module) => { },
        ["urllib.request"] = WebModule.FillRequest,
        ["urllib.error"] = WebModule.FillError,
        ["urllib.parse"] = WebModule.FillParse,
        ["requests"] = WebModule.FillRequests,
        ["time"] = TimeModule.Fill,
        ["datetime"] = TimeModule.FillDates,
        ["random"] = RandomModule.Fill,
        ["secrets"] = RandomModule.Fill,
        ["uuid"] = RandomModule.FillUuid,
        ["math"] = RandomModule.FillMath,
        ["base64"] = CodingModule.FillBase64,
        ["binascii"] = CodingModule.FillBinascii,
        ["codecs"] = CodingModule.FillCodecs,
        ["hashlib"] = CodingModule.FillHashlib,
        ["zlib"] = CodingModule.FillZlib,
        ["gzip"] = CodingModule.FillZlib,
        ["struct"] = StructModule.Fill,
        ["json"] = JsonModule.Fill,
        ["re"] = RegexModule.Fill,
        ["string"] = TextModule.FillString,
        ["io"] = TextModule.FillIo,
        ["shlex"] = TextModule.FillShlex,
        ["textwrap"] = TextModule.FillTextwrap,
        ["collections"] = CollectionModule.Fill,
        ["itertools"] = CollectionModule.FillItertools,
        ["functools"] = CollectionModule.FillFunctools,
        ["threading"] = CollectionModule.FillThreading,
        ["traceback"] = TextModule.FillTraceback,
        ["glob"] = FolderModule.FillGlob,
        ["shutil"] = FolderModule.FillShutil,
        ["tempfile"] = FolderModule.FillTempfile,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a name is part of the language's library, so that an error can say to import it.</summary>
    public static bool IsLibrary(string name) => s_library.Contains(name);

    public static async ValueTask ImportAsync(PythonMachine machine, Import import, PythonFrame frame)
    {
        if (import.From is null)
        {
            foreach ((string name, string? alias) in import.Names)
            {
                frame.Set(alias ?? name.Split('.')[0], await LoadAsync(machine, name, whole: alias is not null));
            }

            return;
        }

        if (import.From.StartsWith('.'))
        {
            throw PythonErrors.New("ImportError", "attempted relative import with no known parent package");
        }

        PythonModule module = await LoadAsync(machine, import.From, whole: true);
        foreach ((string name, string? alias) in import.Names)
        {
            if (name is "*")
            {
                foreach ((string member, object? each) in module.Members.Where(member => member.Key[0] != '_').ToArray())
                {
                    frame.Set(member, each);
                }

                continue;
            }

            object? value = module.Members.TryGetValue(name, out object? found) ? found : s_made.ContainsKey(import.From + "." + name) ? await LoadAsync(machine, import.From + "." + name, whole: true)
                : s_made.ContainsKey(import.From) ? throw PythonErrors.New("ImportError", $"cannot import name '{name}' from '{import.From}' ({(import.From is "sys" or "time" or "math" ? "unknown location" : $"/usr/lib/python3.12/{import.From.Replace('.', '/')}.py")})") : new PythonModule(import.From + "." + name);
            frame.Set(alias ?? name, value);
        }
    }

    /// <summary>A module by its dotted name; its first part, or with "whole" its last.</summary>
    public static async ValueTask<PythonModule> LoadAsync(PythonMachine machine, string name, bool whole)
    {
        string[] parts = name.Split('.');
        PythonModule? first = null, last = null;
        for (int n = 1; n <= parts.Length; n++)
        {
            string dotted = string.Join('.', parts.Take(n));
            if (!machine.Modules.TryGetValue(dotted, out PythonModule? module))
            {
                module = await MakeAsync(machine, dotted, parts[0]);
            }

            last?.Members.TryAdd(parts[n - 1], module);
            (first, last) = (first ?? module, module);
        }

        return whole ? last! : first!;
    }

    private static async ValueTask<PythonModule> MakeAsync(PythonMachine machine, string name, string root)
    {
        PythonModule module = new(name);
        machine.Reserve(2048);
        string folder = machine.Source is null ? machine.State.Folder : machine.State.Path(machine.File)[..Math.Max(1, machine.State.Path(machine.File).LastIndexOf('/'))];
        string path = FileSystem.Normalize(name.Replace('.', '/') + ".py", folder);
        if (!s_made.ContainsKey(name) && machine.Call.Read(path, out byte[] content) is FileError.None)
        {
            machine.Modules[name] = module;
            string source = PythonEncoding.FromBytes(content);
            Scope scope = new(null, null);
            scope.Values["__name__"] = name;
            scope.Values["__file__"] = path;
            try
            {
                await machine.Statements.RunModuleAsync(PythonParser.Read(source), new PythonFrame(scope, "<module>", path, source));
            }
            catch (PythonSyntaxException e)
            {
                string shown = e.Describe(source, path);
                throw Refused(e, shown[..shown.LastIndexOf(e.Type + ":", StringComparison.Ordinal)]);
            }

            foreach ((string member, object? value) in scope.Values)
            {
                module.Members[member] = value;
            }

            return module;
        }

        if (!s_library.Contains(root) && !s_packages.Contains(root))
        {
            throw PythonErrors.New("ModuleNotFoundError", $"No module named '{root}'");
        }

        if (name.Contains('.', StringComparison.Ordinal) && s_made.ContainsKey(root) && !s_made.ContainsKey(name))
        {
            throw PythonErrors.New("ModuleNotFoundError", root is "urllib" or "json" ? $"No module named '{name}'" : $"No module named '{name}'; '{root}' is not a package");
        }

        machine.Modules[name] = module;
        s_made.GetValueOrDefault(name)?.Invoke(machine, module);
        if (name is "os")
        {
            module.Members["path"] = await LoadAsync(machine, "posixpath", whole: true);
        }

        return module;
    }

    private static PythonException Refused(PythonSyntaxException e, string shown)
    {
        PythonException error = PythonErrors.New(PythonErrors.IsKnown(e.Type) ? e.Type : "SyntaxError", e.Message);
        error.Library = shown;
        return error;
    }

    /// <summary>A function of a module that needs nothing but its arguments.</summary>
    public static void Add(this PythonModule module, string name, Func<PythonMachine, CallArguments, object?> body) => module.Members[name] = new NativeFunction(name, (machine, a) => new(body(machine, a)));

    /// <summary>A function of a module that waits for something.</summary>
    public static void AddAsync(this PythonModule module, string name, NativeBody body) => module.Members[name] = new NativeFunction(name, body);
}
