//! The names, labels and paths that mean a step of a visit. Compared as a whole, in lower case.

/// Custom events that report a finished order, see [`normal`].
pub(crate) const PURCHASES: &[&str] = &[
    "purchase",
    "purchased",
    "purchase_completed",
    "purchase_complete",
    "completed_purchase",
    "order_completed",
    "order_complete",
    "completed_order",
    "order_placed",
    "placed_order",
    "order_confirmed",
    "checkout_completed",
    "checkout_complete",
    "transaction_completed",
    "payment_completed",
    "payment_succeeded",
    "ecommerce_purchase",
    "subscription_started",
];
pub(crate) const CHECKOUTS: &[&str] = &[
    "begin_checkout",
    "checkout",
    "checkout_started",
    "checkout_start",
    "start_checkout",
    "started_checkout",
    "initiate_checkout",
    "initiated_checkout",
    "checkout_begun",
    "checkout_step_viewed",
    "checkout_step_completed",
    "add_payment_info",
    "add_shipping_info",
    "payment_info_entered",
];
pub(crate) const ADDS: &[&str] = &[
    "add_to_cart",
    "added_to_cart",
    "product_added",
    "product_added_to_cart",
    "item_added",
    "cart_add",
    "addtocart",
    "add_to_basket",
    "added_to_basket",
    "add_to_bag",
    "added_to_bag",
];
pub(crate) const REMOVES: &[&str] = &[
    "remove_from_cart",
    "removed_from_cart",
    "product_removed",
    "cart_remove",
    "item_removed",
    "remove_from_basket",
    "remove_from_bag",
];
pub(crate) const CART_VIEWS: &[&str] = &[
    "view_cart",
    "cart_viewed",
    "viewed_cart",
    "open_cart",
    "cart_opened",
];
pub(crate) const VIEWS: &[&str] = &[
    "view_item",
    "product_viewed",
    "viewed_product",
    "product_view",
    "product_detail",
];
pub(crate) const SEARCHES: &[&str] = &[
    "search",
    "searched",
    "site_search",
    "product_search",
    "products_searched",
    "search_performed",
    "search_submitted",
    "view_search_results",
];
pub(crate) const COMPARISONS: &[&str] = &[
    "compare",
    "compare_products",
    "products_compared",
    "product_compared",
    "add_to_compare",
    "comparison_viewed",
];
pub(crate) const SIGN_UPS: &[&str] = &[
    "sign_up",
    "signup",
    "signed_up",
    "sign_up_completed",
    "signup_completed",
    "account_created",
    "registration_completed",
    "registered",
    "trial_started",
    "start_trial",
];

/// Labels of buttons; a longer label may follow these with a space, such as a price.
pub(crate) const ADD_LABELS: &[&str] = &[
    "add to cart",
    "add to basket",
    "add to bag",
    "add to trolley",
    "in den warenkorb",
    "in den einkaufswagen",
    "in den korb",
    "ajouter au panier",
    "añadir al carrito",
    "agregar al carrito",
    "añadir a la cesta",
    "aggiungi al carrello",
    "in winkelwagen",
    "in winkelmandje",
    "toevoegen aan winkelwagen",
    "dodaj do koszyka",
    "adicionar ao carrinho",
    "lägg i varukorgen",
    "legg i handlekurv",
    "læg i kurv",
    "sepete ekle",
    "カートに入れる",
    "カートに追加",
    "加入购物车",
    "加入購物車",
    "장바구니에 담기",
    "добавить в корзину",
    "в корзину",
    "أضف إلى السلة",
];
/// Labels of buttons, whole.
pub(crate) const CHECKOUT_LABELS: &[&str] = &[
    "checkout",
    "check out",
    "proceed to checkout",
    "go to checkout",
    "continue to checkout",
    "secure checkout",
    "zur kasse",
    "zur kasse gehen",
    "passer la commande",
    "passer commande",
    "commander",
    "finalizar compra",
    "tramitar pedido",
    "procedi all'ordine",
    "afrekenen",
    "naar de kassa",
    "przejdź do kasy",
    "レジに進む",
    "去结算",
    "결제하기",
    "оформить заказ",
];
/// Ids and test ids of buttons, see [`normal`].
pub(crate) const ADD_IDS: &[&str] = &["add_to_cart", "addtocart", "add_to_basket", "add_to_bag"];

pub(crate) const CART_PAGES: &[&str] = &[
    "cart",
    "basket",
    "bag",
    "shopping-cart",
    "shopping-bag",
    "warenkorb",
    "einkaufswagen",
    "panier",
    "carrito",
    "cesta",
    "carrello",
    "winkelwagen",
    "winkelmandje",
    "koszyk",
    "carrinho",
    "varukorg",
    "kurv",
    "sepet",
    "корзина",
    "カート",
];
pub(crate) const CHECKOUT_PAGES: &[&str] = &[
    "checkout",
    "checkouts",
    "kasse",
    "zur-kasse",
    "commande",
    "caisse",
    "finalizar-compra",
    "afrekenen",
    "zamowienie",
    "kassa",
    "order-review",
];
pub(crate) const CONFIRMATION_PAGES: &[&str] = &[
    "order-confirmation",
    "order-confirmed",
    "order-received",
    "order-complete",
    "order-completed",
    "order-success",
    "purchase-complete",
    "bestellbestaetigung",
    "bestellbestätigung",
    "bestellung-erhalten",
    "confirmation-commande",
    "commande-confirmee",
    "pedido-confirmado",
];
/// Of an order only after a checkout.
pub(crate) const THANKS_PAGES: &[&str] = &[
    "thanks",
    "thank-you",
    "thank_you",
    "thankyou",
    "danke",
    "vielen-dank",
    "merci",
    "gracias",
    "grazie",
    "bedankt",
    "dziekujemy",
    "obrigado",
    "success",
    "confirmation",
    "complete",
];
pub(crate) const SEARCH_PAGES: &[&str] = &[
    "search",
    "suche",
    "recherche",
    "buscar",
    "busqueda",
    "ricerca",
    "zoeken",
    "szukaj",
    "hledat",
];
pub(crate) const COMPARE_PAGES: &[&str] = &[
    "compare",
    "comparison",
    "vergleich",
    "vergleichen",
    "comparer",
    "comparar",
    "confronta",
    "vergelijken",
];
pub(crate) const PRODUCT_PAGES: &[&str] = &[
    "product",
    "products",
    "p",
    "dp",
    "item",
    "items",
    "produkt",
    "produkte",
    "produit",
    "produits",
    "producto",
    "productos",
    "prodotto",
    "prodotti",
    "produto",
    "produtos",
    "produkty",
    "товар",
    "商品",
];
/// Below a product's path, but lists of them.
pub(crate) const LIST_PAGES: &[&str] = &[
    "all",
    "new",
    "sale",
    "search",
    "category",
    "categories",
    "c",
    "page",
    "compare",
    "tag",
    "tags",
    "brand",
    "brands",
    "collections",
    "kategorie",
    "neu",
    "features",
    "pricing",
    "overview",
];
pub(crate) const ARTICLES: &[&str] = &[
    "blog",
    "docs",
    "doc",
    "help",
    "support",
    "faq",
    "news",
    "article",
    "articles",
    "guide",
    "guides",
    "wiki",
    "kb",
    "learn",
    "academy",
    "ratgeber",
    "hilfe",
    "magazin",
    "magazine",
    "aide",
    "ayuda",
    "documentation",
    "forum",
    "community",
];
/// Parameters of an address, and names of fields.
pub(crate) const SEARCH_FIELDS: &[&str] = &[
    "q",
    "query",
    "search",
    "s",
    "suche",
    "keyword",
    "keywords",
    "search_query",
    "searchterm",
];

/// `addToCart`, `Add to cart` and `add-to-cart` as `add_to_cart`.
pub(crate) fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len() + 4);
    let mut was_lower = false;
    for character in name.chars().take(80) {
        if character.is_alphanumeric() {
            if character.is_uppercase() && was_lower {
                normal.push('_');
            }
            normal.extend(character.to_lowercase());
        } else if !normal.is_empty() && !normal.ends_with('_') {
            normal.push('_');
        }
        was_lower = character.is_lowercase() || character.is_numeric();
    }
    normal.trim_end_matches('_').to_owned()
}

/// Whether the label begins with one of the set, as words.
pub(crate) fn begins(label: &str, set: &[&str]) -> bool {
    let label = label.trim().to_lowercase();
    set.iter().any(|it| {
        let rest = label.strip_prefix(it);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whether the label is one of the set, apart from signs behind it.
pub(crate) fn is(label: &str, set: &[&str]) -> bool {
    let label = label.trim().to_lowercase();
    let label = label.trim_end_matches(|it: char| !it.is_alphanumeric());
    set.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_are_one() {
        for name in [
            "addToCart",
            "Add to Cart",
            "add-to-cart",
            "ADD_TO_CART!",
            "add_to_cart",
        ] {
            assert_eq!(normal(name), "add_to_cart", "{name}");
        }
        assert_eq!(normal("Order Completed"), "order_completed");
    }

    #[test]
    fn labels_are_compared_as_words() {
        assert!(begins("Add to cart – €18", ADD_LABELS));
        assert!(!begins("Add to cartography", ADD_LABELS));
        assert!(is("Checkout →", CHECKOUT_LABELS));
        assert!(!is("Checkout our new post", CHECKOUT_LABELS));
    }
}
