using Microsoft.Extensions.Configuration;

namespace GeoSanitation.Server;

/// <summary>What an operator can set: in <c>geosan.json</c> of the working folder, or as <c>GEOSAN_*</c> in the environment
/// (<c>GEOSAN_RELAPSE__DISTANCEMETERS=50</c>).</summary>
public sealed record Settings
{
    /// <summary>How near and how soon a new issue makes a closed one a relapse.</summary>
    public RelapseSettings Relapse { get; init; } = new();

    /// <summary>The metric system that analyses are done in.</summary>
    public AnalysisSettings Analysis { get; init; } = new();

    /// <summary>The city's clock and office hours: deadlines in working hours, and files whose times carry no zone.</summary>
    public CitySettings City { get; init; } = new();

    /// <summary>Who publishes the data, for catalogs and other programs.</summary>
    public PublisherSettings Publisher { get; init; } = new();

    /// <summary>Who may read.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>The data in memory.</summary>
    public SnapshotSettings Snapshot { get; init; } = new();

    /// <summary>Vector tiles, and answers that are kept.</summary>
    public TileSettings Tiles { get; init; } = new();

    /// <summary>Files that come in over HTTP.</summary>
    public ImportSettings Imports { get; init; } = new();

    /// <summary>Photos and papers of issues.</summary>
    public AttachmentSettings Attachments { get; init; } = new();

    /// <summary>Those who listen to changes.</summary>
    public LiveSettings Live { get; init; } = new();

    /// <summary>Whom the server may call: addresses that subscribed to changes, and those that whoever asks for a process names.</summary>
    public CallbackSettings Callbacks { get; init; } = new();

    /// <summary>Base maps of others to choose from on the planners' map; none unless they are set here, so that no browser asks anything of anybody.</summary>
    public IReadOnlyList<BaseMapSettings> BaseMaps { get; init; } = [];

    /// <summary>Reads the settings of this process.</summary>
    /// <param name="folder">Where <c>geosan.json</c> is looked for.</param>
    /// <exception cref="InvalidOperationException">A value cannot be read as what it should be.</exception>
    public static Settings Load(string folder) => new ConfigurationBuilder()
        .SetBasePath(Path.GetFullPath(folder))
        .AddJsonFile("geosan.json", optional: true)
        .AddEnvironmentVariables("GEOSAN_")
        .Build()
        .Get<Settings>() ?? new Settings();
}

/// <summary>See <see cref="Settings.Relapse"/>.</summary>
public sealed record RelapseSettings
{
    /// <summary>Farthest two places may be apart, meters.</summary>
    public double DistanceMeters { get; init; } = 30;

    /// <summary>Longest time from closing to the new report, days.</summary>
    public double Days { get; init; } = 90;
}

/// <summary>See <see cref="Settings.Analysis"/>.</summary>
public sealed record AnalysisSettings
{
    /// <summary>"auto" (the UTM zone of the wards' centre) or the name of a projected system, such as "EPSG:4547".</summary>
    public string Crs { get; init; } = "auto";

    /// <summary>How much one analysis may ask for; what is more is refused.</summary>
    public AnalysisLimits Limits { get; init; } = new();
}

/// <summary>See <see cref="AnalysisSettings.Limits"/>. The usual ones keep an analysis to some hundred megabytes and, at worst, some minutes.</summary>
public sealed record AnalysisLimits
{
    /// <summary>Most hexagons or squares.</summary>
    public int MaxCells { get; init; } = 250_000;

    /// <summary>Most wards that are cells.</summary>
    public int MaxWards { get; init; } = 5_000;

    /// <summary>Most pairs of neighboring cells.</summary>
    public long MaxNeighborPairs { get; init; } = 30_000_000;

    /// <summary>Most cells times steps of emerging hot spots.</summary>
    public long MaxBins { get; init; } = 10_000_000;

    /// <summary>Most cells of the raster that a density is computed on.</summary>
    public int MaxRasterCells { get; init; } = 1_000_000;

    /// <summary>Most cells times permutations.</summary>
    public long MaxPermutedCells { get; init; } = 2_000_000_000;

    /// <summary>Most cells that are scanned around.</summary>
    public int MaxScanCells { get; init; } = 4_000;

    /// <summary>Most windows of a scan, over all replications.</summary>
    public double MaxScanWindows { get; init; } = 4e11;
}

/// <summary>See <see cref="Settings.City"/>.</summary>
public sealed record CitySettings
{
    /// <summary>IANA name of the city's time zone.</summary>
    public string TimeZone { get; init; } = "Asia/Shanghai";

    /// <summary>Start of office hours, local time.</summary>
    public TimeOnly WorkStarts { get; init; } = new(9, 0);

    /// <summary>End of office hours, local time.</summary>
    public TimeOnly WorkEnds { get; init; } = new(17, 0);
}

/// <summary>See <see cref="Settings.Publisher"/>.</summary>
public sealed record PublisherSettings
{
    /// <summary>Name of the body that publishes.</summary>
    public string Name { get; init; } = "GeoSanitation";

    /// <summary>What the catalog is called.</summary>
    public string Title { get; init; } = "GeoSanitation";

    /// <summary>Who answers questions; <see cref="Name"/> when it is not set.</summary>
    public string? ContactName { get; init; }

    /// <summary>Where questions are sent.</summary>
    public string? ContactEmail { get; init; }

    /// <summary>Address of the licence that the data are published under; nothing is said of one when it is not set.</summary>
    public string? License { get; init; }

    /// <summary>Code of the publisher's bureau, where it belongs to the federal government of the United States: "015:11".</summary>
    public string? BureauCode { get; init; }

    /// <summary>Code of its program, likewise: "015:001".</summary>
    public string? ProgramCode { get; init; }

    /// <summary>Language of the data, as a tag of RFC 5646.</summary>
    public string Language { get; init; } = "zh-CN";

    /// <summary>Open311's name of the city, such as "city.gov"; when it is not set, a caller may name any.</summary>
    public string? Jurisdiction { get; init; }
}

/// <summary>See <see cref="Settings.Access"/>.</summary>
public sealed record AccessSettings
{
    /// <summary>False asks for a key for reading too.</summary>
    public bool OpenReads { get; init; } = true;
}

/// <summary>See <see cref="Settings.Snapshot"/>.</summary>
public sealed record SnapshotSettings
{
    /// <summary>For how long an answer may be without what others have written into the database, milliseconds; 0 asks the database for every answer.
    /// What is written through this server is always in it.</summary>
    public int MaxAgeMilliseconds { get; init; } = 20;
}

/// <summary>See <see cref="Settings.Tiles"/>.</summary>
public sealed record TileSettings
{
    /// <summary>Most single issues in a tile, of which each takes some 40 bytes; a tile of more is refused.</summary>
    public int MaxIssues { get; init; } = 1_000_000;

    /// <summary>Memory for the last tiles, pictures and analyses, megabytes; 0 keeps none.</summary>
    public int KeptMegabytes { get; init; } = 128;
}

/// <summary>See <see cref="Settings.Imports"/>.</summary>
public sealed record ImportSettings
{
    /// <summary>Largest upload, as it is sent, megabytes.</summary>
    public long MaxUploadMegabytes { get; init; } = 1024;
}

/// <summary>See <see cref="Settings.Attachments"/>.</summary>
public sealed record AttachmentSettings
{
    /// <summary>Largest attachment, megabytes.</summary>
    public int MaxMegabytes { get; init; } = 10;

    /// <summary>Most attachments of one issue.</summary>
    public int MaxPerIssue { get; init; } = 20;
}

/// <summary>See <see cref="Settings.Live"/>.</summary>
public sealed record LiveSettings
{
    /// <summary>Most clients that listen to one server at a time; each is a connection.</summary>
    public int MaxListeners { get; init; } = 500;

    /// <summary>Seconds after which a sign of life is sent where there is nothing to tell, so that no proxy takes the connection for dead.</summary>
    public double HeartbeatSeconds { get; init; } = 15;
}

/// <summary>See <see cref="Settings.Callbacks"/>.</summary>
public sealed record CallbackSettings
{
    /// <summary>Hosts that may be called, each with its port where that is not the usual one (<c>hooks.example.org</c>, <c>10.1.2.3:8080</c>); nobody is called where none is named.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>So long sending may take until the answer begins, seconds; the results of processes can be large.</summary>
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>After the first failure it is tried again after so long, seconds; after each further one after twice as long, up to an hour.</summary>
    public double FirstWaitSeconds { get; init; } = 10;

    /// <summary>After so many failures in a row it is given up; the usual number is half a day.</summary>
    public int MaxFailures { get; init; } = 20;
}

/// <summary>See <see cref="Settings.BaseMaps"/>. Pictures of XYZ or WMTS services in web mercator.</summary>
public sealed record BaseMapSettings
{
    /// <summary>How addresses of the page name it: letters, digits, - or _.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name to choose it by.</summary>
    public string Name { get; init; } = "";

    /// <summary>The same in English.</summary>
    public string? NameEn { get; init; }

    /// <summary>Address of the pictures with {z}, {x} and {y}, with a key where one is needed; several lie over each other, the lowest first
    /// (Tianditu's map and its names: <c>https://t{0-7}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&amp;REQUEST=GetTile&amp;VERSION=1.0.0&amp;LAYER=vec&amp;STYLE=default&amp;TILEMATRIXSET=w&amp;FORMAT=tiles&amp;TILEMATRIX={z}&amp;TILEROW={y}&amp;TILECOL={x}&amp;tk=KEY</c>; <c>{0-7}</c> stands for eight hosts that share the work).</summary>
    public IReadOnlyList<string> Tiles { get; init; } = [];

    /// <summary>Instead of pictures the address of a style for MapLibre or Mapbox GL, drawn from vector tiles: its shapes, lines and names. Its icons and patterns are left out, and its letters are the browser's.</summary>
    public string? Style { get; init; }

    /// <summary>Other hosts that the style loads its sources from, such as <c>https://tiles.example.com</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>"EPSG:3857", or "GCJ02" for maps that are shifted as AMap's are; all that the page draws is then shifted too.</summary>
    public string Crs { get; init; } = "EPSG:3857";

    /// <summary>Whose map it is, as its terms ask to say.</summary>
    public string? Attribution { get; init; }

    /// <summary>Pixels of a picture: 256 or 512.</summary>
    public int TileSize { get; init; } = 256;

    /// <summary>First zoom that has pictures.</summary>
    public int MinZoom { get; init; }

    /// <summary>Last zoom that has pictures.</summary>
    public int MaxZoom { get; init; } = 18;
}
